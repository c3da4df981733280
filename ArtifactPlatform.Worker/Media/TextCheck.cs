using System.Buffers;
using System.Text;
using UtfUnknown;

namespace ArtifactPlatform.Worker.Media;

/// <summary>Looks at every byte of a script: text, in which encoding, of which kind.</summary>
public static class TextCheck
{
    /// <summary>50 MB: the subtitles of a film have 0.1 MB, a long novel 5.</summary>
    public const long MaxBytes = 50_000_000;

    private const int BufferBytes = 64 << 10;

    /// <summary>Bytes with letters beyond ASCII that the guess at a legacy encoding is made from.</summary>
    private const int SampleBytes = 256 << 10;

    /// <param name="content">Read to its end, in one pass.</param>
    /// <param name="fileName">Shown in messages only.</param>
    /// <param name="ct">Ends the reading.</param>
    /// <returns>MIME type: <c>application/x-subrip</c>, <c>text/vtt</c> or <c>text/plain; charset=…</c>.</returns>
    /// <exception cref="MediaRejectedException">It is empty, too large, a web page, or not text.</exception>
    public static async Task<string> CheckAsync(Stream content, string fileName, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(content);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            Reading? reading = null;
            long total = 0;
            while (await content.ReadAtLeastAsync(buffer.AsMemory(0, BufferBytes), BufferBytes, throwOnEndOfStream: false, ct) is > 0 and var count)
            {
                total += count;
                if (total > MaxBytes)
                {
                    throw new MediaRejectedException(RejectionCodes.TextTooLarge, $"\"{fileName}\" is larger than {MaxBytes / 1_000_000} MB, the limit for text. Split it.");
                }

                reading ??= Reading.Begin(buffer.AsSpan(0, count), fileName);
                reading.Take(buffer.AsSpan(0, count));
            }

            return reading is null ? throw Empty(fileName) : reading.Finish();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static MediaRejectedException Empty(string fileName) => new(RejectionCodes.EmptyFile, $"\"{fileName}\" is empty. Upload it again.");

    /// <summary>One text on its way through.</summary>
    private sealed class Reading
    {
        private readonly string _fileName;
        private readonly Encoding? _wide;
        private readonly Decoder _decoder;
        private readonly ArrayBufferWriter<byte> _sample = new();
        private readonly char[] _chars;
        private readonly StringBuilder _start = new();
        private bool _isUtf8;
        private bool _hasText;

        private Reading(string fileName, Encoding? wide)
        {
            _fileName = fileName;
            _wide = wide;
            _isUtf8 = wide is null;
            var encoding = wide ?? new UTF8Encoding(false, throwOnInvalidBytes: true);
            _decoder = encoding.GetDecoder();
            _chars = new char[encoding.GetMaxCharCount(BufferBytes)];
        }

        public static Reading Begin(ReadOnlySpan<byte> head, string fileName)
        {
            var found = ContentSniffer.Sniff(head);
            if (ContentSniffer.Judge(found, Client.Artifacts.ArtifactType.Script) is { } verdict)
            {
                throw verdict;
            }

            return new Reading(fileName, TextEncodings.Wide(head));
        }

        public void Take(ReadOnlySpan<byte> bytes)
        {
            if (_wide is not null || _isUtf8)
            {
                if (TryDecode(bytes, flush: false))
                {
                    return;
                }
            }

            if (_wide is not null)
            {
                throw NotText("it begins as UTF-16 or UTF-32 text and then breaks off");
            }

            TakeLegacy(bytes);
        }

        public string Finish()
        {
            if ((_wide is not null || _isUtf8) && !TryDecode([], flush: true) && _wide is not null)
            {
                throw NotText("it ends in the middle of a character");
            }

            if (!_hasText)
            {
                throw Empty(_fileName);
            }

            var kind = TextKinds.Classify(_start.ToString()).ContentType;
            return kind is "application/x-subrip" or "text/vtt" ? kind : $"text/plain; charset={Charset()}";
        }

        /// <summary>Unpaired surrogates, overlong forms and bytes that don't exist in the encoding all count as broken.</summary>
        private bool TryDecode(ReadOnlySpan<byte> bytes, bool flush)
        {
            try
            {
                var count = _decoder.GetChars(bytes, _chars, flush);
                Look(_chars.AsSpan(0, count));
                KeepSample(bytes);
                return true;
            }
            catch (DecoderFallbackException)
            {
                _isUtf8 = false;
                return false;
            }
        }

        private void TakeLegacy(ReadOnlySpan<byte> bytes)
        {
            // One or two bytes a letter: what is below a blank means the same in all of them.
            var latin = Encoding.Latin1.GetChars(bytes.ToArray());
            Look(latin);
            KeepSample(bytes);
        }

        private void Look(ReadOnlySpan<char> text)
        {
            foreach (var c in text)
            {
                if (TextEncodings.IsForbidden(c))
                {
                    throw NotText(c == '\0' ? "it holds zero bytes" : "it holds control characters that no text has");
                }

                _hasText |= c != '\ufeff';
            }

            const int StartChars = 4096;
            if (_start.Length < StartChars)
            {
                _start.Append(text[..Math.Min(text.Length, StartChars - _start.Length)]);
            }
        }

        private void KeepSample(ReadOnlySpan<byte> bytes)
        {
            if (_wide is null && _sample.WrittenCount < SampleBytes && bytes.ContainsAnyExceptInRange((byte)0, (byte)127))
            {
                _sample.Write(bytes);
            }
        }

        private string Charset() => _wide switch
        {
            UnicodeEncoding utf16 => utf16.CodePage == 1201 ? "utf-16be" : "utf-16le",
            UTF32Encoding => "utf-32",
            _ when _isUtf8 => "utf-8",
            _ => Legacy(),
        };

        private string Legacy()
        {
            var found = CharsetDetector.DetectFromBytes(_sample.WrittenSpan.ToArray()).Detected;
            return found?.EncodingName is { } name && !name.StartsWith("utf", StringComparison.OrdinalIgnoreCase)
                ? name.ToLowerInvariant()
                : throw NotText("its encoding is not recognised");
        }

        private MediaRejectedException NotText(string why) =>
            new(RejectionCodes.NotText, $"\"{_fileName}\" is not a text file: {why}. Give a script as plain text, SRT or VTT, saved as UTF-8.");
    }
}
