using System.Collections.Frozen;
using System.Reflection;
using ArtifactPlatform.Api.Errors;

namespace ArtifactPlatform.Api.Auth;

/// <summary>
/// What a new password may be: long, and none that guessers try first. No rules of which kinds of character it must have
/// (NIST SP 800-63B, 5.1.1.2). The length stands in the request.
/// </summary>
internal static class PasswordRules
{
    /// <summary>A word written more than once is still that word; up to this length any is taken for one, as in abcabcabcabc.</summary>
    private const int TrivialWordLength = 4;

    /// <summary>The most used passwords of 12 characters and more, and words that shorter ones are made of: from zxcvbn-ts (MIT), 4.1.3.</summary>
    private static readonly FrozenSet<string> Common = Read();

    /// <returns>Null when it will do.</returns>
    public static BadRequestError? Refuse(string password, string email, string param) => IsCommon(password, email) ? Error.PasswordTooCommon(param) : null;

    internal static bool IsCommon(string password, string email)
    {
        var text = password.ToLowerInvariant();
        if (Common.Contains(text) || IsCounting(text))
        {
            return true;
        }

        var word = Letters(Word(text));
        return word.Length is > 0 and <= TrivialWordLength && IsRepetition(text) || Common.Contains(word) || IsOf(email, text, word);
    }

    /// <summary>One's own address or its first part, with or without digits around.</summary>
    private static bool IsOf(string email, string text, string word) => text == email || (word.Length > 0 && (word == Letters(email) || word == Letters(email.Split('@')[0])));

    /// <summary>Each character follows on the one before, up, down or the same: 123456789012, aaaaaaaaaaaa.</summary>
    private static bool IsCounting(string text) => new[] { -1, 0, 1 }.Any(step => text.Zip(text.Skip(1)).All(pair => pair.Second - pair.First == step || (char.IsDigit(pair.First) && (pair.First - '0' + step + 10) % 10 == pair.Second - '0')));

    private static bool IsRepetition(string text) => Word(text).Length < text.Length;

    /// <summary>What the text repeats; the text itself when it repeats nothing.</summary>
    private static string Word(string text)
    {
        var length = Enumerable.Range(1, text.Length - 1).FirstOrDefault(l => text.AsSpan(l).SequenceEqual(text.AsSpan(0, text.Length - l)), text.Length);
        return text[..length];
    }

    /// <summary>Without digits and signs around it, and with letters for those that stand for letters: p@ssw0rd2024! is password.</summary>
    private static string Letters(string word)
    {
        // Only the ends in front of the first and behind the last letter; 0 and @ inside stand for letters.
        var (first, last) = (word.AsSpan().IndexOfAnyInRange('a', 'z'), word.AsSpan().LastIndexOfAnyInRange('a', 'z'));
        return first < 0 ? "" : word[first..(last + 1)].Replace('@', 'a').Replace('0', 'o').Replace('1', 'i').Replace('3', 'e').Replace('$', 's');
    }

    private static FrozenSet<string> Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("common-passwords") ?? throw new InvalidOperationException("common-passwords is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
    }
}
