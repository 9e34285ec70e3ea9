// Java's own client, as it is by default: it offers HTTP/2. Each line of the input is a call, "METHOD TARGET FORM
// BODY" with tabs between, and each line of the output its answer, the status and the body in Base64.
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Scanner;

public class Caller {
    public static void main(String[] arguments) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8);
        while (lines.hasNextLine()) {
            String[] call = lines.nextLine().split("\t", -1);
            byte[] bytes = call[3].getBytes(StandardCharsets.UTF_8);
            BodyPublisher body = switch (call[2]) {
                case "plain" -> BodyPublishers.ofByteArray(bytes);
                // Its length is not told.
                case "chunked" -> BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes));
                default -> BodyPublishers.noBody();
            };
            HttpRequest request = HttpRequest.newBuilder(URI.create(arguments[0] + call[1]))
                .header("Content-Type", "application/json")
                .method(call[0], body)
                .build();
            var answer = client.send(request, BodyHandlers.ofByteArray());
            System.out.println(answer.statusCode() + " " + Base64.getEncoder().encodeToString(answer.body()));
        }
    }
}
