using System.Text;
using System.Text.Unicode;

namespace ArtifactPlatform.Worker.Media;

/// <summary>What the first bytes say about a text's encoding.</summary>
internal static class TextEncodings
{
    /// <summary>A form that is known by its mark or its zeros; null when it is one byte a character, or none of these.</summary>
    public static Encoding? Wide(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe, 0, 0]))
        {
            return new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true);
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xfe, 0xff]))
        {
            return new UTF32Encoding(bigEndian: true, byteOrderMark: true, throwOnInvalidCharacters: true);
        }

        return head.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe]) ? Utf16(bigEndian: false)
            : head.StartsWith((ReadOnlySpan<byte>)[0xfe, 0xff]) ? Utf16(bigEndian: true)
            : WithoutMark(head);
    }

    /// <summary>The head as text; null when it is not text.</summary>
    public static string? TryDecodeHead(ReadOnlySpan<byte> head)
    {
        if (Wide(head) is { } wide)
        {
            return Decode(wide, head, wholeUnits: wide is UTF32Encoding ? 4 : 2);
        }

        if (TryDecodeUtf8(head) is { } utf8)
        {
            return utf8;
        }

        // One byte a character: marks and structure are ASCII in all of these. Bytes that no text has decide.
        var latin = Encoding.Latin1.GetString(head);
        return HasForbidden(latin) || !MostlyLetters(head) ? null : latin;
    }

    /// <summary>The head as UTF-8 text; null when it is not that.</summary>
    public static string? TryDecodeUtf8(ReadOnlySpan<byte> head) => Decode(new UTF8Encoding(false, throwOnInvalidBytes: true), head, wholeUnits: 1);

    /// <summary>Control characters that no text file holds; tab, line ends, form feed, end-of-file mark and escape are let through.</summary>
    public static bool IsForbidden(char c) => c < ' ' && c is not ('\t' or '\n' or '\r' or '\f' or '\v' or '\u001a' or '\u001b');

    public static bool HasForbidden(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (IsForbidden(c))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Random bytes are half above 127 and flat; a text in any legacy encoding has spaces, line ends and digits.</summary>
    private static bool MostlyLetters(ReadOnlySpan<byte> head)
    {
        const double MinShareOfBlanks = 0.02;
        var blanks = 0;
        foreach (var b in head)
        {
            blanks += b is 0x20 or 0x0a or 0x09 ? 1 : 0;
        }

        return blanks >= head.Length * MinShareOfBlanks;
    }

    private static UnicodeEncoding Utf16(bool bigEndian) => new(bigEndian, byteOrderMark: true, throwOnInvalidBytes: true);

    /// <summary>In UTF-16 of most languages the high byte of line ends, digits and blanks is zero, always on the same side.</summary>
    private static UnicodeEncoding? WithoutMark(ReadOnlySpan<byte> head)
    {
        int even = 0, odd = 0, evenBlanks = 0, oddBlanks = 0;
        for (var i = 0; i + 1 < head.Length; i += 2)
        {
            even += head[i] == 0 ? 1 : 0;
            odd += head[i + 1] == 0 ? 1 : 0;
            evenBlanks += head[i] == 0 && head[i + 1] is >= 0x20 and < 0x7f or 0x0a ? 1 : 0;
            oddBlanks += head[i + 1] == 0 && head[i] is >= 0x20 and < 0x7f or 0x0a ? 1 : 0;
        }

        var units = head.Length / 2;
        return units == 0 || (Math.Max(even, odd) * 2 < units && IsUtf8ButForZeros(head)) ? null
            : odd > 0 && even == 0 && oddBlanks * 20 >= units ? Utf16(bigEndian: false)
            : even > 0 && odd == 0 && evenBlanks * 20 >= units ? Utf16(bigEndian: true)
            : null;
    }

    /// <summary>A text with a few zeros in it. UTF-16 of other alphabets has their number as every second byte, which is a control character or no UTF-8.</summary>
    private static bool IsUtf8ButForZeros(ReadOnlySpan<byte> head)
    {
        foreach (var b in head)
        {
            if (b != 0 && IsForbidden((char)b))
            {
                return false;
            }
        }

        return Utf8.IsValid(head);
    }

    private static string? Decode(Encoding encoding, ReadOnlySpan<byte> head, int wholeUnits)
    {
        try
        {
            // Not flushed: the head may end within a character.
            var decoder = encoding.GetDecoder();
            var whole = head[..(head.Length - (head.Length % wholeUnits))];
            var chars = new char[encoding.GetMaxCharCount(whole.Length)];
            var count = decoder.GetChars(whole, chars, flush: false);
            var text = new string(chars, 0, count);
            return HasForbidden(text) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
