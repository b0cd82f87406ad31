/** Whether this network lets somebody reach the council's relay, tested without a meeting. */

export type Network = "relay" | "blocked" | "untested";

const GATHER_MS = 5000;

/** A relayed candidate comes only when the TURN server answered and took the credentials. */
export async function testNetwork(servers: RTCIceServer[]): Promise<Network> {
  if (!servers.length) return "untested";
  const connection = new RTCPeerConnection({ iceServers: servers, iceTransportPolicy: "relay" });
  connection.createDataChannel("test");
  try {
    return await new Promise<Network>((resolve, reject) => {
      setTimeout(() => resolve("blocked"), GATHER_MS);
      connection.addEventListener("icecandidate", ({ candidate }) => {
        if (candidate?.candidate) resolve("relay");
      });
      connection.setLocalDescription().catch(reject);
    });
  } finally {
    connection.close();
  }
}
