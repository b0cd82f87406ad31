// A network that lets nothing through but a relay: candidates of the other side lead nowhere, and ours are not told.
(() => {
  const Real = window.RTCPeerConnection;
  const all = [];
  window.RTCPeerConnection = class extends Real {
    constructor(configuration) {
      super(configuration);
      this.direct = configuration?.iceTransportPolicy !== "relay";
      all.push(this);
    }

    get localDescription() {
      const description = super.localDescription;
      if (!this.direct || !description) return description;
      return { type: description.type, sdp: description.sdp.replace(/^a=candidate:.*\r\n/gm, "") };
    }

    setRemoteDescription(description) {
      if (!this.direct) return super.setRemoteDescription(description);
      // RFC 5737: addresses that belong to nobody.
      const sdp = description.sdp.replace(/^(a=candidate:\S+ \d+ \w+ \d+ )\S+/gm, "$1192.0.2.1");
      return super.setRemoteDescription({ type: description.type, sdp });
    }
  };

  const localCandidate = async () => {
    for (const connection of all.filter((one) => one.connectionState === "connected")) {
      const stats = await connection.getStats();
      for (const one of stats.values()) {
        if (one.type !== "transport" || !one.selectedCandidatePairId) continue;
        return stats.get(stats.get(one.selectedCandidatePairId).localCandidateId);
      }
    }
    return null;
  };

  window.pathTaken = async () => (await localCandidate())?.candidateType ?? "none";
  window.wayToRelay = async () => {
    const { relayProtocol, url } = await localCandidate();
    return [relayProtocol, url];
  };
})();
