import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Java's side of a handshake, as told line by line: {@code connect VERSION PORT HOST CERTIFICATE} or
 * {@code serve VERSION CERTIFICATE}. It trusts {@code root.crt} of its folder and shows a certificate for
 * {@code own.key}, or none for {@code -}. A line tells how it ended: {@code done TEXT} or {@code failed WHY}.
 */
final class Peer {
    private static final int PATIENCE = 20_000;

    public static void main(String[] arguments) throws Exception {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            String[] order = line.split(" ");
            String said;
            try {
                said = "done " + (order[0].equals("serve") ? serve(order) : connect(order));
            } catch (IOException error) {
                said = "failed " + error.getMessage();
            }
            System.out.println(said.replace('\n', ' '));
        }
    }

    private static String connect(String[] order) throws Exception {
        SSLContext context = context(order[4]);
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(order[2]));
                SSLSocket socket = (SSLSocket) context.getSocketFactory()
                        .createSocket(plain, order[3], plain.getPort(), true)) {
            socket.setSoTimeout(PATIENCE);
            socket.setEnabledProtocols(new String[] {"TLSv" + order[1]});
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            // With TLS 1.3 it knows only now whether it was let in.
            String greeting = read(socket);
            return socket.getSession().getProtocol() + " " + greeting;
        }
    }

    private static String serve(String[] order) throws Exception {
        SSLContext context = context(order[2]);
        try (SSLServerSocket listener = (SSLServerSocket) context.getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listener.setSoTimeout(PATIENCE);
            listener.setEnabledProtocols(new String[] {"TLSv" + order[1]});
            listener.setNeedClientAuth(true);
            System.out.println("port " + listener.getLocalPort());
            try (SSLSocket socket = (SSLSocket) listener.accept()) {
                socket.setSoTimeout(PATIENCE);
                socket.startHandshake();
                // What the client thinks of the certificate here comes with TLS 1.3 after the handshake.
                String said = read(socket);
                String who = socket.getSession().getPeerPrincipal().getName();
                socket.getOutputStream().write((who + "\n").getBytes());
                return socket.getSession().getProtocol() + " " + who + " " + said;
            }
        }
    }

    private static String read(SSLSocket socket) throws IOException {
        String line = new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine();
        if (line == null) {
            throw new SSLException("closed without a word");
        }
        return line;
    }

    private static SSLContext context(String shown) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("root", certificate("root.crt"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyManager[] own = shown.equals("-") ? null : new KeyManager[] {new Shown(certificate(shown), key())};
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own, trust.getTrustManagers(), null);
        return context;
    }

    private static X509Certificate certificate(String file) throws Exception {
        try (var stream = Files.newInputStream(Path.of(file))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(stream);
        }
    }

    private static PrivateKey key() throws Exception {
        String text = Files.readString(Path.of("own.key")).replaceAll("-----[A-Z ]+-----|\\s", "");
        byte[] der = Base64.getDecoder().decode(text);
        return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    /** Shows one certificate to everybody: Java's own shows none to whom it thinks will not take it. */
    private static final class Shown extends X509ExtendedKeyManager {
        private final X509Certificate certificate;
        private final PrivateKey key;

        Shown(X509Certificate certificate, PrivateKey key) {
            this.certificate = certificate;
            this.key = key;
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[] {"own"};
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return "own";
        }

        @Override
        public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
            return "own";
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[] {"own"};
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            // It asks for keys of other kinds first.
            return type.startsWith("RSA") ? "own" : null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {certificate};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }
    }
}
