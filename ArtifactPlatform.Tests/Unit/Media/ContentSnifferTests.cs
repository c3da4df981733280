using System.Text;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Worker.Media;

namespace ArtifactPlatform.Tests.Unit.Media;

public sealed class ContentSnifferTests
{
    public static TheoryData<string, ContentKind, string> Heads => new()
    {
        { "\0\0\0\u0018ftypisom\0\0\u0002\0", ContentKind.Media, "video/mp4" },
        { "\0\0\0\u0014ftypqt  \0\0\u0002\0", ContentKind.Media, "video/quicktime" },
        { "\0\0\0\u0020ftypM4A \0\0\u0002\0", ContentKind.Media, "audio/mp4" },
        { "\0\0\0\u0014ftyp3gp5\0\0\u0002\0", ContentKind.Media, "video/3gpp" },
        { "\0\0\0\u0014ftypheic\0\0\u0002\0", ContentKind.Image, "image/heic" },
        { "\0\0\u0010\0moov\0\0\0\u006cmvhd", ContentKind.Media, "video/quicktime" },
        { "\u001aE\u00df\u00a3\u009fB\u0086\u0081\u0001B\u0082\u0084webm", ContentKind.Media, "video/webm" },
        { "\u001aE\u00df\u00a3\u009fB\u0086\u0081\u0001B\u0082\u0088matroska", ContentKind.Media, "video/x-matroska" },
        { "RIFF\u0010\0\0\0AVI LIST", ContentKind.Media, "video/x-msvideo" },
        { "RIFF\u0010\0\0\0WAVEfmt ", ContentKind.Media, "audio/wav" },
        { "RIFF\u0010\0\0\0WEBPVP8 ", ContentKind.Image, "image/webp" },
        { "FORM\0\0\u0010\0AIFFCOMM", ContentKind.Media, "audio/aiff" },
        { "FLV\u0001\u0005\0\0\0\u0009", ContentKind.Media, "video/x-flv" },
        { "fLaC\0\0\0\"", ContentKind.Media, "audio/flac" },
        { "OggS\0\u0002\0\0\0\0\0\0\0\0OpusHead", ContentKind.Media, "audio/ogg; codecs=opus" },
        { "ID3\u0004\0\0\0\0\u0001\0TIT2", ContentKind.Media, "audio/mpeg" },
        { "0&\u00b2u\u008ef\u00cf\u0011\u00a6\u00d9\0\u00aa\0b\u00cel", ContentKind.Media, "video/x-ms-asf" },
        { "%PDF-1.7\n", ContentKind.Document, "application/pdf" },
        { "PK\u0003\u0004\u0014\0\u0006\0word/document.xml", ContentKind.Document, "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
        { "PK\u0003\u0004\u0014\0\u0006\0bomb.txt", ContentKind.Archive, "application/zip" },
        { "\u0089PNG\r\n\u001a\n", ContentKind.Image, "image/png" },
        { "\u00ff\u00d8\u00ff\u00e0\0\u0010JFIF", ContentKind.Image, "image/jpeg" },
        { "\u007fELF\u0002\u0001\u0001", ContentKind.Program, "application/x-executable" },
        { "<!doctype HTML><p>", ContentKind.Html, "text/html" },
        { "\r\n  <!-- x --><html>", ContentKind.Html, "text/html" },
        { "<?xml version='1.0'?><tt xmlns='http://www.w3.org/ns/ttml'/>", ContentKind.Text, "application/xml" },
        { "{\"a\":1}", ContentKind.Text, "application/json" },
        { "WEBVTT\n\n", ContentKind.Text, "text/vtt" },
        { "1\r\n00:00:01,000 --> 00:00:02,000\r\nHello", ContentKind.Text, "application/x-subrip" },
        { "#EXTM3U\n", ContentKind.Playlist, "application/vnd.apple.mpegurl" },
        { "MAC enters. He looks around.\n", ContentKind.Text, "text/plain" },
        { "GIF89a is a picture format.\n", ContentKind.Text, "text/plain" },
        { "v=0 is where it starts", ContentKind.Text, "text/plain" },
        { "\u0001\u0002\u0003\u0004", ContentKind.Unknown, "application/octet-stream" },
        { "", ContentKind.Empty, "application/x-empty" },
    };

    [Theory]
    [MemberData(nameof(Heads))]
    public void First_bytes_tell_what_a_file_is(string head, ContentKind kind, string contentType)
    {
        var found = ContentSniffer.Sniff(Encoding.Latin1.GetBytes(head));

        Assert.Equal((kind, contentType), (found.Kind, found.ContentType));
    }

    [Fact]
    public void Streams_without_a_header_are_known_by_their_rhythm()
    {
        var transport = new byte[188 * 6];
        for (var i = 0; i < 6; i++)
        {
            transport[i * 188] = 0x47;
        }

        // MPEG-1 layer 3, 128 kbit/s, 44.1 kHz: 417 bytes a frame, behind rubbish.
        var mp3 = new byte[100 + (417 * 4)];
        for (var i = 0; i < 4; i++)
        {
            ((ReadOnlySpan<byte>)[0xff, 0xfb, 0x90, 0x00]).CopyTo(mp3.AsSpan(100 + (417 * i)));
        }

        Assert.Equal("video/mp2t", ContentSniffer.Sniff(transport).ContentType);
        Assert.Equal("video/mp2t", ContentSniffer.Sniff(transport.AsSpan(20)).ContentType);
        Assert.Equal("audio/mpeg", ContentSniffer.Sniff(mp3).ContentType);
    }

    [Fact]
    public void Noise_is_never_taken_for_media()
    {
        var noise = new byte[ContentSniffer.HeadBytes];
        for (var seed = 0; seed < 50; seed++)
        {
            new Random(seed).NextBytes(noise);
            Assert.NotEqual(ContentKind.Media, ContentSniffer.Sniff(noise).Kind);
        }
    }

    [Theory]
    [InlineData("%PDF-1.7", ArtifactType.Video, "not_media", "The file is a PDF document, not a video file.")]
    [InlineData("%PDF-1.7", ArtifactType.Script, "not_text", "The file is a PDF document, not text. Give a script as plain text, SRT or VTT.")]
    [InlineData("\u0089PNG\r\n\u001a\n", ArtifactType.Audio, "not_media", "The file is a PNG picture, not an audio file.")]
    public void A_verdict_names_what_the_file_is(string head, ArtifactType type, string code, string message)
    {
        var verdict = ContentSniffer.Judge(ContentSniffer.Sniff(Encoding.Latin1.GetBytes(head)), type);

        Assert.Equal((code, message), (verdict?.Code, verdict?.Message));
    }
}
