//! The Ethernet controller: SMSC LAN9118 and those that are compatible with it (LAN9220 on these
//! boards), polled. Names of registers and bits are those of its data sheet.

use smoltcp::phy::{self, DeviceCapabilities, Medium};
use smoltcp::time::Instant;
use smoltcp::wire::EthernetAddress;

/// Where the boards have it.
const BASE: usize = 0x4020_0000;

const RX_DATA_FIFO: usize = 0x00;
const TX_DATA_FIFO: usize = 0x20;
const RX_STATUS_FIFO: usize = 0x40;
const TX_STATUS_FIFO: usize = 0x48;
const BYTE_TEST: usize = 0x64;
const RX_CFG: usize = 0x6C;
const TX_CFG: usize = 0x70;
const HW_CFG: usize = 0x74;
const RX_FIFO_INF: usize = 0x7C;
const TX_FIFO_INF: usize = 0x80;
const PMT_CTRL: usize = 0x84;
const FREE_RUN: usize = 0x9C;
const MAC_CSR_CMD: usize = 0xA4;
const MAC_CSR_DATA: usize = 0xA8;

/// What `BYTE_TEST` reads when the bus is right.
const BYTE_ORDER: u32 = 0x8765_4321;
/// `HW_CFG`: reset; and "must be one", with 5 KB of the FIFO for sending.
const SRST: u32 = 1;
const MBO: u32 = 1 << 20;
const TX_FIF_SZ_5: u32 = 5 << 16;
/// `PMT_CTRL`: awake.
const READY: u32 = 1;
/// `TX_CFG`: sends.
const TX_ON: u32 = 1 << 1;
/// `MAC_CSR_CMD`.
const CSR_BUSY: u32 = 1 << 31;
/// Registers behind `MAC_CSR_CMD`.
const MAC_CR: u32 = 1;
const ADDRH: u32 = 2;
const ADDRL: u32 = 3;
/// `MAC_CR`: full duplex, sends, receives. Without the bits for more, only frames to its own
/// address and to all arrive.
const FDPX: u32 = 1 << 20;
const TXEN: u32 = 1 << 3;
const RXEN: u32 = 1 << 2;
/// TX command A: the frame is one piece.
const FIRST_SEGMENT: u32 = 1 << 13;
const LAST_SEGMENT: u32 = 1 << 12;
/// An error in the word that tells of a received frame.
const RX_ERROR: u32 = 1 << 15;

/// The longest frame, without and with the checksum that follows it.
const FRAME_LEN: usize = 1514;
const CHECKSUM_LEN: usize = 4;
/// The two words before a frame that is sent.
const COMMANDS_LEN: usize = 8;
/// How often something is asked for that comes within microseconds.
const PATIENCE: usize = 1_000_000;

/// The controller does not do what it should.
pub struct Broken;

fn read(register: usize) -> u32 {
    // SAFETY: all are registers of the controller, which nothing else uses.
    unsafe { ((BASE + register) as *const u32).read_volatile() }
}

fn write(register: usize, value: u32) {
    // SAFETY: as in `read`; it accesses no memory of the program.
    unsafe { ((BASE + register) as *mut u32).write_volatile(value) };
}

fn wait(ready: impl Fn() -> bool) -> Result<(), Broken> {
    (0..PATIENCE).any(|_| ready()).then_some(()).ok_or(Broken)
}

fn write_mac(register: u32, value: u32) -> Result<(), Broken> {
    let idle = || read(MAC_CSR_CMD) & CSR_BUSY == 0;
    wait(idle)?;
    write(MAC_CSR_DATA, value);
    write(MAC_CSR_CMD, CSR_BUSY | register);
    wait(idle)
}

/// Resets it and lets it send and receive under this address.
pub fn start(address: EthernetAddress) -> Result<(), Broken> {
    wait(|| read(PMT_CTRL) & READY != 0)?;
    if read(BYTE_TEST) != BYTE_ORDER {
        return Err(Broken);
    }
    write(HW_CFG, SRST);
    wait(|| read(HW_CFG) & SRST == 0 && read(PMT_CTRL) & READY != 0)?;
    write(HW_CFG, MBO | TX_FIF_SZ_5);
    let [a, b, c, d, e, f] = address.0;
    write_mac(ADDRL, u32::from_le_bytes([a, b, c, d]))?;
    write_mac(ADDRH, u32::from_le_bytes([e, f, 0, 0]))?;
    // Frames start at a word and end with one.
    write(RX_CFG, 0);
    write(TX_CFG, TX_ON);
    write_mac(MAC_CR, FDPX | TXEN | RXEN)
}

/// A counter of 32 bits at 25 MHz.
pub fn counter() -> u32 {
    read(FREE_RUN)
}

/// The controller as smoltcp's device, with room for a frame in each direction.
pub struct Lan9118 {
    received: [u8; FRAME_LEN],
    sent: [u8; FRAME_LEN],
}

impl Lan9118 {
    pub const fn new() -> Self {
        Self {
            received: [0; FRAME_LEN],
            sent: [0; FRAME_LEN],
        }
    }

    /// Reads the next good frame that is there; its length.
    fn take_frame(&mut self) -> Option<usize> {
        while read(RX_FIFO_INF) >> 16 & 0xFF != 0 {
            let status = read(RX_STATUS_FIFO);
            let len = (status >> 16 & 0x3FFF) as usize;
            let frame = len
                .checked_sub(CHECKSUM_LEN)
                .filter(|_| status & RX_ERROR == 0);
            let room = frame.and_then(|len| self.received.get_mut(..len));
            let words = len.div_ceil(4);
            let Some(room) = room else {
                skip(words);
                continue;
            };
            let used = room.len();
            for chunk in room.chunks_mut(4) {
                for (slot, byte) in chunk.iter_mut().zip(read(RX_DATA_FIFO).to_le_bytes()) {
                    *slot = byte;
                }
            }
            skip(words.saturating_sub(used.div_ceil(4)));
            return Some(used);
        }
        None
    }
}

/// Takes words of received frames that nobody wants.
fn skip(words: usize) {
    for _ in 0..words {
        read(RX_DATA_FIFO);
    }
}

/// Sends a frame. One that finds no room is lost, as on the wire: TCP sends it again.
fn send(frame: &[u8]) {
    // What became of earlier frames is not asked; the words that tell it must not pile up.
    for _ in 0..read(TX_FIFO_INF) >> 16 & 0xFF {
        read(TX_STATUS_FIFO);
    }
    let needed = frame.len() + COMMANDS_LEN;
    if wait(|| (read(TX_FIFO_INF) & 0xFFFF) as usize >= needed).is_err() {
        return;
    }
    let len = frame.len() as u32;
    write(TX_DATA_FIFO, FIRST_SEGMENT | LAST_SEGMENT | len);
    write(TX_DATA_FIFO, len);
    for chunk in frame.chunks(4) {
        let mut word = [0; 4];
        for (slot, byte) in word.iter_mut().zip(chunk) {
            *slot = *byte;
        }
        write(TX_DATA_FIFO, u32::from_le_bytes(word));
    }
}

/// A frame that was received.
pub struct Received<'d>(&'d [u8]);

impl phy::RxToken for Received<'_> {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, use_it: F) -> R {
        use_it(self.0)
    }
}

/// Room for a frame to send.
pub struct Sending<'d>(&'d mut [u8; FRAME_LEN]);

impl phy::TxToken for Sending<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, len: usize, fill: F) -> R {
        // smoltcp keeps to the longest frame that it is told.
        let frame = self.0.get_mut(..len).unwrap_or_default();
        let result = fill(frame);
        send(frame);
        result
    }
}

impl phy::Device for Lan9118 {
    type RxToken<'d> = Received<'d>;
    type TxToken<'d> = Sending<'d>;

    fn receive(&mut self, _: Instant) -> Option<(Received<'_>, Sending<'_>)> {
        let len = self.take_frame()?;
        let frame = self.received.get(..len)?;
        Some((Received(frame), Sending(&mut self.sent)))
    }

    fn transmit(&mut self, _: Instant) -> Option<Sending<'_>> {
        Some(Sending(&mut self.sent))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ethernet;
        capabilities.max_transmission_unit = FRAME_LEN;
        capabilities.max_burst_size = Some(1);
        capabilities
    }
}
