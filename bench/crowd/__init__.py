"""Light viewers, many in one process: ICE and DTLS are complete, packets are counted, some are decrypted."""
