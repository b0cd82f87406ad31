// Runs in the page before anything else: what a viewer of a <video> really sees and hears.
window.moot = (() => {
  const RATE = 48000;
  let ears;
  const context = () => (ears ??= new AudioContext({ sampleRate: RATE, latencyHint: "playback" }));
  const stream = (video) => video.srcObject ?? video.captureStream();
  const video = (selector) => {
    const found = document.querySelector(selector);
    if (!found) throw new Error(`there is no ${selector}`);
    return found;
  };

  function pixels(element, width, height) {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(element, 0, 0, width, height);
    return pen.getImageData(0, 0, width, height).data;
  }

  function encode(bytes) {
    let text = "";
    for (let at = 0; at < bytes.length; at += 0x8000) {
      text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    }
    return btoa(text);
  }

  /** The picture now, as base64 of RGBA, or null while there is none. */
  function look(selector, width, height) {
    const element = video(selector);
    return element.videoWidth ? encode(pixels(element, width, height)) : null;
  }

  function listen(element, size) {
    const sound = new MediaStream(stream(element).getAudioTracks().filter((track) => track.readyState === "live"));
    if (!sound.getAudioTracks().length) return null;
    const analyser = context().createAnalyser();
    analyser.fftSize = size;
    const source = context().createMediaStreamSource(sound);
    source.connect(analyser);
    return { analyser, source, sound };
  }

  /** Two thirds of a second of sound from now on, as base64 of 16-bit samples, or null while there is no track. */
  async function hear(selector) {
    await context().resume();
    const ear = listen(video(selector), 32768);
    if (!ear) return null;
    await new Promise((done) => setTimeout(done, 750));
    const samples = new Float32Array(ear.analyser.fftSize);
    ear.analyser.getFloatTimeDomainData(samples);
    ear.source.disconnect();
    const words = Int16Array.from(samples, (x) => Math.max(-32768, Math.min(32767, Math.round(x * 32767))));
    return encode(new Uint8Array(words.buffer));
  }

  function amplitude(samples, hz) {
    let re = 0, im = 0, weight = 0;
    for (let n = 0; n < samples.length; n++) {
      const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / samples.length);
      re += hann * samples[n] * Math.cos((2 * Math.PI * hz * n) / RATE);
      im += hann * samples[n] * Math.sin((2 * Math.PI * hz * n) / RATE);
      weight += hann;
    }
    return (2 * Math.hypot(re, im)) / weight;
  }

  const watches = {};

  /** Whether the middle of a pixel is in the region, in fractions of the picture. */
  function within([left, top, right, bottom], at, width, height) {
    const x = ((at / 4) % width + 0.5) / width, y = (Math.floor(at / 4 / width) + 0.5) / height;
    return left <= x && x <= right && top <= y && y <= bottom;
  }

  /** From now on look at every frame shown and every 80 ms of sound for a colour and a tone that must not be there. */
  function watch(name, selector, rgb, tolerance, hz, region) {
    const found = { frames: 0, guilty: 0, lasted: 0, sounds: 0, loudest: 0, stop: false };
    watches[name] = found;
    let ear = null;
    let begun = null;
    const eye = (_, shown) => {
      if (found.stop) return;
      const element = document.querySelector(selector);
      if (element?.videoWidth) {
        const seen = pixels(element, 32, 18);
        found.frames++;
        for (let at = 0; at < seen.length; at += 4) {
          if (!within(region, at, 32, 18)) continue;
          if (rgb.every((value, channel) => Math.abs(value - seen[at + channel]) <= tolerance)) {
            found.guilty++;
            if (shown?.rtpTimestamp !== undefined) {
              begun ??= shown.rtpTimestamp;
              found.lasted = ((shown.rtpTimestamp - begun) >>> 0) / 90000;
            }
            break;
          }
        }
      }
      if (element?.requestVideoFrameCallback && !element.paused && element.videoWidth) {
        element.requestVideoFrameCallback(eye);
      } else setTimeout(eye, 50);
    };
    const hearing = () => {
      if (found.stop) return;
      const element = document.querySelector(selector);
      if (element && (!ear || ear.sound.getAudioTracks()[0].readyState !== "live")) ear = listen(element, 4096);
      if (ear) {
        const samples = new Float32Array(4096);
        ear.analyser.getFloatTimeDomainData(samples);
        found.sounds++;
        found.loudest = Math.max(found.loudest, amplitude(samples, hz));
      }
      setTimeout(hearing, 80);
    };
    context().resume();
    eye();
    hearing();
  }

  function report(name) {
    watches[name].stop = true;
    const { frames, guilty, lasted, sounds, loudest } = watches[name];
    return { frames, guilty, lasted, sounds, loudest };
  }

  /**
   * The pictures on the screen for so many seconds, a few of each: when, as Unix milliseconds of this very page, and
   * what, as look() has it. A test that gets no processor for a while does not take itself for a slow page.
   */
  function frames(selector, seconds, width, height) {
    const element = video(selector);
    const seen = [];
    return new Promise((done) => {
      const end = setTimeout(() => done(seen), (seconds + 5) * 1000);
      const eye = () => {
        const at = Date.now();
        if (!seen.length || at - seen[seen.length - 1].at >= 200) {
          seen.push({ at, picture: encode(pixels(element, width, height)) });
        }
        if (at - seen[0].at < seconds * 1000) element.requestVideoFrameCallback(eye);
        else {
          clearTimeout(end);
          done(seen);
        }
      };
      element.requestVideoFrameCallback(eye);
    });
  }

  const became = {};
  new MutationObserver((changes) => {
    const at = Date.now();
    for (const { target } of changes) {
      const { itemId, state } = target.dataset;
      if (itemId && state === "now") became[itemId] ??= at;
    }
  }).observe(document, { subtree: true, attributeFilter: ["data-state"] });

  /** When this page first said that an item is being dealt with, Unix milliseconds; null when it has not. */
  const since = (item) => became[item] ?? null;

  return { look, hear, watch, report, frames, since };
})();
