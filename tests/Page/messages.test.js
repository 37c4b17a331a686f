import assert from "node:assert/strict";
import { test } from "node:test";
import * as messages from "../../BallServer/wwwroot/js/messages.js";
import { chance } from "./support.js";

test("each kind of message is understood", () => {
  assert.deepEqual(messages.readMessage('{"sdp":"v=0\\r\\n","type":"answer"}\n'), { kind: "answer", sdp: "v=0\r\n" });
  assert.deepEqual(
    messages.readMessage('{"candidate":"candidate:1 1 udp","id":"0","label":2,"type":"candidate"}'),
    { kind: "candidate", candidate: "candidate:1 1 udp", mid: "0", index: 2 });
  assert.deepEqual(messages.readMessage('{"type":"bye"}'), { kind: "bye" });
  assert.deepEqual(messages.readMessage('{"hello":"server","version":1,"clock":true}'), { kind: "hello" });
  const score = { score: "matched", rtp: 5, error: 0.1, realtime: 3, latency: 20.5, truth: [1, 2] };
  assert.deepEqual(messages.readMessage(JSON.stringify(score)), { kind: "score", score });
  assert.equal(messages.readMessage('{"score":"plain","realtime":3.5}').kind, "score");
  assert.equal(messages.readMessage('{"score":"unmatched","rtp":1}').kind, "score");
});

test("a question for the clock comes back to the last digit", () => {
  const asked = messages.readMessage('{"clock":"ask","id":7,"t1":9223372036854775807}');
  assert.deepEqual(asked, { kind: "ask", id: 7, t1: "9223372036854775807" });
  assert.equal(messages.clockAnswer(asked.id, asked.t1, 1.5, 2.000001),
    '{"clock":"answer","id":7,"t1":9223372036854775807,"t2":1500000,"t3":2000001}');
});

test("what is incomplete or no number is unknown", () => {
  for (const text of [
    "", "null", "[]", "3", '"bye"', "{", '{"type":"answer"}', '{"type":"candidate"}', '{"type":7}', '{"score":"matched"}',
    '{"score":"matched","rtp":5,"error":"NaN","realtime":3,"latency":20,"truth":[1,2]}',
    '{"score":"matched","rtp":5,"error":1,"realtime":3,"latency":20,"truth":[1]}', '{"score":"plain"}', '{"clock":"ask"}',
    '{"clock":"ask","id":1,"t1":"soon"}', `{"type":"answer","sdp":"${"x".repeat(70_000)}"}`,
  ]) {
    assert.equal(messages.readMessage(text).kind, "unknown", text.slice(0, 80));
  }
});

test("garbage of any kind is unknown or harmless, and never fails", () => {
  const random = chance(11);
  const good = '{"score":"matched","rtp":5,"error":0.1,"realtime":3,"latency":20.5,"truth":[1,2]}';
  for (let i = 0; i < 20_000; i++) {
    const letters = [...good];
    for (let n = Math.floor(random() * 5); n >= 0; n--) {
      letters[Math.floor(random() * letters.length)] = String.fromCharCode(Math.floor(random() * 128));
    }
    const message = messages.readMessage(letters.join(""));
    if (message.kind === "score" && message.score.score === "matched") {
      assert.ok(Number.isFinite(message.score.error) && Number.isFinite(message.score.truth[1]));
    }
  }
});

test("coordinates carry what is known, and no more", () => {
  assert.equal(
    messages.coordinates({
      rtp: 4294967295, x: 319.25, y: 17.5, confidence: 0.875, received: 1, decoded: 2, handedOff: 3, detected: 4, sent: 5.25,
    }),
    '{"rtp":4294967295,"x":319.250,"y":17.500,"confidence":0.875,"received":1000000,"decoded":2000000,"handedOff":3000000,' +
      '"detected":4000000,"sent":5250000}');
  assert.equal(messages.coordinates({ rtp: undefined, x: 1, y: 2, confidence: 1 }), '{"x":1.000,"y":2.000,"confidence":1.000}');
  assert.equal(JSON.parse(messages.coordinates({ rtp: 0, x: 1, y: 2, confidence: 1 })).rtp, 0);
});

test("an offer survives the way", () => {
  assert.deepEqual(JSON.parse(messages.offer("v=0\r\no=- 1\r\n")), { type: "offer", sdp: "v=0\r\no=- 1\r\n" });
  assert.deepEqual(JSON.parse(messages.candidateText({ candidate: "candidate:1", sdpMid: "0", sdpMLineIndex: 0 })),
    { type: "candidate", candidate: "candidate:1", id: "0", label: 0 });
});
