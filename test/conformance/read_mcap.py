"""Reads a capture by the text of the MCAP specification alone (standard library only) and prints what it found.

Every checksum and every offset of the summary is followed; messages are decoded as the ROS 1 types they name.
"""
import json
import struct
import sys
import zlib

MAGIC = b"\x89MCAP0\r\n"
data = open(sys.argv[1], "rb").read()
assert data[:8] == MAGIC and data[-8:] == MAGIC, "magic"


def record(at):
    opcode, length = struct.unpack_from("<BQ", data, at)
    return opcode, data[at + 9 : at + 9 + length], at + 9 + length


def string(body, at):
    (length,) = struct.unpack_from("<I", body, at)
    return body[at + 4 : at + 4 + length].decode(), at + 4 + length


def mapping(body, at):
    (length,) = struct.unpack_from("<I", body, at)
    at, end, found = at + 4, at + 4 + length, {}
    while at < end:
        key, at = string(body, at)
        found[key], at = string(body, at)
    return found, at


footer_at = len(data) - 8 - 29
opcode, footer, end = record(footer_at)
assert opcode == 2 and end == len(data) - 8, "footer"
summary_start, offset_start, summary_crc = struct.unpack("<QQI", footer)
assert zlib.crc32(data[summary_start : footer_at + 25]) == summary_crc, "summary crc"
data_end_at = summary_start - 13
opcode, data_end, _ = record(data_end_at)
assert opcode == 15 and struct.unpack("<I", data_end)[0] == zlib.crc32(data[:data_end_at]), "data crc"

schemas, channels, chunks, metadata, statistics, groups = {}, {}, [], [], None, {}
at = summary_start
while at < footer_at:
    start = at
    opcode, body, at = record(at)
    groups.setdefault(opcode, [start, 0])[1] += at - start
    if opcode == 3:
        (key,) = struct.unpack_from("<H", body)
        name, where = string(body, 2)
        encoding, where = string(body, where)
        schemas[key] = (name, encoding, string(body, where)[0])
    elif opcode == 4:
        key, schema = struct.unpack_from("<HH", body)
        topic, where = string(body, 4)
        encoding, where = string(body, where)
        channels[key] = (topic, encoding, schema, mapping(body, where)[0])
    elif opcode == 8:
        chunks.append(body)
    elif opcode == 11:
        statistics = struct.unpack_from("<QHIIII", body)
    elif opcode == 13:
        offset, length = struct.unpack_from("<QQ", body)
        kind, meta, meta_end = record(offset)
        assert kind == 12 and meta_end - offset == length, "metadata index"
        name, where = string(meta, 0)
        metadata.append([name, mapping(meta, where)[0]])
    elif opcode == 14:
        group, group_start, group_length = struct.unpack("<BQQ", body)
        assert groups[group] == [group_start, group_length], "summary offset"

samples, rejected, messages = {}, [], 0


def floats(body, at):
    (count,) = struct.unpack_from("<I", body, at)
    return list(struct.unpack_from(f"<{count}d", body, at + 4)), at + 4 + 8 * count


def take(body):
    channel, sequence, log_time, publish_time = struct.unpack_from("<HIQQ", body)
    topic, encoding, schema, _ = channels[channel]
    assert encoding == "ros1" and schemas[schema][1] == "ros1msg", "encoding"
    payload = body[22:]
    if schemas[schema][0] == "warroom/Samples":
        t, at = floats(payload, 0)
        v, at = floats(payload, at)
        assert at == len(payload) and len(t) == len(v), "samples"
        found = samples.setdefault(topic, {"t": [], "v": []})
        found["t"] += t
        found["v"] += v
    else:
        (count,) = struct.unpack_from("<I", payload)
        reason, at = string(payload, 4 + count)
        (cut,) = struct.unpack_from("<I", payload, at)
        assert at + 4 == len(payload), "rejected"
        rejected.append([topic, payload[4 : 4 + count].hex(), reason, cut])
    return log_time


for index in chunks:
    first, last, offset, length, offsets_length = struct.unpack_from("<QQQQI", index)
    opcode, chunk, end = record(offset)
    assert opcode == 6 and end - offset == length, "chunk index"
    start_time, end_time, size, crc = struct.unpack_from("<QQQI", chunk)
    compression, where = string(chunk, 28)
    (records_length,) = struct.unpack_from("<Q", chunk, where)
    records = chunk[where + 8 :]
    assert compression == "" and size == records_length == len(records) and zlib.crc32(records) == crc, "chunk"
    assert (start_time, end_time) == (first, last), "chunk times"
    times = []
    for i in range(offsets_length // 10):
        channel, index_at = struct.unpack_from("<HQ", index, 36 + 10 * i)
        opcode, body, _ = record(index_at)
        assert opcode == 7 and struct.unpack_from("<H", body)[0] == channel, "message index"
        for entry in range(struct.unpack_from("<I", body, 2)[0] // 16):
            log_time, inside = struct.unpack_from("<QQ", body, 6 + 16 * entry)
            kind, message_length = struct.unpack_from("<BQ", records, inside)
            assert kind == 5, "message offset"
            assert take(records[inside + 9 : inside + 9 + message_length]) == log_time, "message time"
            times.append(log_time)
    assert (min(times), max(times)) == (first, last), "times in chunk"
    messages += len(times)

assert statistics[0] == messages and statistics[5] == len(chunks), "statistics"
topics = sorted(topic for topic, _, _, _ in channels.values())
print(json.dumps({"samples": samples, "rejected": rejected, "metadata": metadata, "topics": topics}))
