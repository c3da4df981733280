using System.Text;

namespace ArtifactPlatform.Tests.Telemetry;

/// <summary>Reads the fields of a protobuf message that hold bytes: texts, ids and messages in it. Numbers are passed over.</summary>
internal sealed class ProtoMessage
{
    private readonly List<(int Field, ReadOnlyMemory<byte> Value)> fields = [];

    public static ProtoMessage Parse(ReadOnlyMemory<byte> bytes)
    {
        var message = new ProtoMessage();
        while (!bytes.IsEmpty)
        {
            var key = ReadVarint(ref bytes);
            switch (key & 7)
            {
                case 0:
                    ReadVarint(ref bytes);
                    break;
                case 1:
                    bytes = bytes[sizeof(ulong)..];
                    break;
                case 2:
                    var length = (int)ReadVarint(ref bytes);
                    message.fields.Add(((int)(key >> 3), bytes[..length]));
                    bytes = bytes[length..];
                    break;
                case 5:
                    bytes = bytes[sizeof(uint)..];
                    break;
                default:
                    throw new InvalidDataException($"Wire type {key & 7} is not protobuf.");
            }
        }

        return message;
    }

    public IEnumerable<ProtoMessage> Messages(int field) => Values(field).Select(Parse);

    /// <summary>Empty when the field is not there.</summary>
    public string Text(int field) => string.Concat(Values(field).Select(v => Encoding.UTF8.GetString(v.Span)));

    public string Hex(int field) => string.Concat(Values(field).Select(v => Convert.ToHexStringLower(v.Span)));

    private IEnumerable<ReadOnlyMemory<byte>> Values(int field) => fields.Where(f => f.Field == field).Select(f => f.Value);

    private static ulong ReadVarint(ref ReadOnlyMemory<byte> bytes)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes.Span[0];
            bytes = bytes[1..];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
