using System.Text;
using ArtifactPlatform.Worker.Media;

namespace ArtifactPlatform.Tests.Unit.Media;

public sealed class TextCheckTests
{
    private const string Srt = "1\n00:00:01,000 --> 00:00:02,500\nHéllo wörld\n\n2\n00:00:03,000 --> 00:00:04,000\n日本語\n";

    public static TheoryData<string, byte[], string> Texts => new()
    {
        { "plain", "Just words.\n"u8.ToArray(), "text/plain; charset=utf-8" },
        { "utf-8", Encoding.UTF8.GetBytes("Ünïcödé 🎬"), "text/plain; charset=utf-8" },
        { "utf-8 with mark", [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes("Ünïcödé")], "text/plain; charset=utf-8" },
        { "utf-16le with mark", [0xff, 0xfe, .. Encoding.Unicode.GetBytes("Scene 1\r\nÜber")], "text/plain; charset=utf-16le" },
        { "utf-16be with mark", [0xfe, 0xff, .. Encoding.BigEndianUnicode.GetBytes("Scene 1\r\nÜber")], "text/plain; charset=utf-16be" },
        { "utf-16le", Encoding.Unicode.GetBytes("Scene 1. Привет, как дела?\r\n"), "text/plain; charset=utf-16le" },
        { "utf-16le of another alphabet", Encoding.Unicode.GetBytes("Привет, как ваши дела сегодня?\r\n"), "text/plain; charset=utf-16le" },
        { "utf-16be", Encoding.BigEndianUnicode.GetBytes("Scene 1. Hello there.\r\n"), "text/plain; charset=utf-16be" },
        { "utf-32", [0xff, 0xfe, 0, 0, .. Encoding.UTF32.GetBytes("Hello")], "text/plain; charset=utf-32" },
        { "windows-1252", Encoding.Latin1.GetBytes("Le caf\u00e9 est tr\u00e8s bon, d\u00e9j\u00e0 vu et na\u00efve \u00e0 la fran\u00e7aise. O\u00f9 est la for\u00eat?\n"), "text/plain; charset=" },
        { "srt", Encoding.UTF8.GetBytes(Srt), "application/x-subrip" },
        { "srt with mark", [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(Srt.Replace("\n", "\r\n", StringComparison.Ordinal))], "application/x-subrip" },
        { "srt in utf-16", [0xff, 0xfe, .. Encoding.Unicode.GetBytes(Srt)], "application/x-subrip" },
        { "vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n"u8.ToArray(), "text/vtt" },
        { "ansi escape", "\u001b[1mbold\u001b[0m\n"u8.ToArray(), "text/plain; charset=utf-8" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Text_in_any_usual_encoding_is_accepted(string name, byte[] content, string contentType)
    {
        Assert.StartsWith(contentType, await CheckAsync(content, name), StringComparison.Ordinal);
    }

    public static TheoryData<string, byte[], string> NoTexts => new()
    {
        { "empty", [], "empty_file" },
        { "mark alone", [0xef, 0xbb, 0xbf], "empty_file" },
        { "page", "<html><body>Not found</body></html>"u8.ToArray(), "html_page" },
        { "pdf", "%PDF-1.4\nsome ascii"u8.ToArray(), "not_text" },
        { "rtf", "{\\rtf1\\ansi Hello}"u8.ToArray(), "not_text" },
        { "docx", [.. "PK\u0003\u0004"u8, 0, 0, .. "word/document.xml"u8], "not_text" },
        { "zero in the middle", "Hello\0world"u8.ToArray(), "not_text" },
        { "control character", "Hello\u0001world"u8.ToArray(), "not_text" },
        { "unpaired surrogate", [0xff, 0xfe, .. "A\0"u8, 0x00, 0xd8, .. "B\0"u8], "not_text" },
        { "odd utf-16", [0xff, 0xfe, .. "A\0B"u8], "not_text" },
        { "wav", [.. "RIFF\u0010\0\0\0WAVEfmt "u8], "not_text" },
    };

    [Theory]
    [MemberData(nameof(NoTexts))]
    public async Task What_is_no_text_is_refused(string name, byte[] content, string code)
    {
        Assert.Equal(code, (await Assert.ThrowsAsync<MediaRejectedException>(() => CheckAsync(content, name))).Code);
    }

    [Theory]
    [InlineData("Hello\0 world\n")]
    [InlineData("A line, and a zero behind an even number of letters\0\n")]
    [InlineData("Hello\n\0")]
    public async Task A_zero_byte_is_called_that(string text)
    {
        var refused = await Assert.ThrowsAsync<MediaRejectedException>(() => CheckAsync(Encoding.UTF8.GetBytes(text), "script.txt"));

        Assert.Contains("zero bytes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_byte_is_looked_at()
    {
        var late = new byte[300_001];
        Array.Fill(late, (byte)'a');
        late[300_000] = 0;
        var invalid = Encoding.UTF8.GetBytes(new string('a', 65_535) + "é and more"); // a character across two reads

        Assert.Equal("not_text", (await Assert.ThrowsAsync<MediaRejectedException>(() => CheckAsync(late, "late"))).Code);
        Assert.Equal("text/plain; charset=utf-8", await CheckAsync(invalid, "across"));
    }

    [Fact]
    public async Task Text_above_the_limit_is_refused_without_being_kept()
    {
        await using var endless = new Endless();

        Assert.Equal("text_too_large", (await Assert.ThrowsAsync<MediaRejectedException>(() => TextCheck.CheckAsync(endless, "big.txt", TestContext.Current.CancellationToken))).Code);
        Assert.InRange(endless.Taken, TextCheck.MaxBytes, TextCheck.MaxBytes + (1 << 20));
    }

    private static async Task<string> CheckAsync(byte[] content, string name)
    {
        using var stream = new MemoryStream(content);
        return await TextCheck.CheckAsync(stream, name, TestContext.Current.CancellationToken);
    }

    private sealed class Endless : Stream
    {
        public long Taken { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Array.Fill(buffer, (byte)'x', offset, count);
            Taken += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
