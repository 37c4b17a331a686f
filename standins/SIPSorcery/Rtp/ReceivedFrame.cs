namespace SIPSorcery.Net;

/// <summary>A whole access unit in Annex B form, decodable after those before it.</summary>
internal readonly record struct ReceivedFrame(byte[] AccessUnit, uint Timestamp, byte PayloadType, bool IsKeyFrame);
