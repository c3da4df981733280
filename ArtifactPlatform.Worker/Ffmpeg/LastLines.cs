namespace ArtifactPlatform.Worker.Ffmpeg;

/// <summary>Keeps the end of what a program writes to standard error, redacted.</summary>
internal sealed class LastLines
{
    /// <summary>The cause stands in the last few lines; a broken file can bring thousands.</summary>
    private const int MaxLines = 12;

    private const int MaxLineLength = 400;

    private readonly Queue<string> _lines = new(MaxLines + 1);
    private readonly Lock _gate = new();

    public void Add(string line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        // Redacted before it is cut: a cut address could lose the question mark's context.
        var clean = RedactUrls.In(line.Trim());
        lock (_gate)
        {
            _lines.Enqueue(clean.Length > MaxLineLength ? clean[..MaxLineLength] + "…" : clean);
            if (_lines.Count > MaxLines)
            {
                _lines.Dequeue();
            }
        }
    }

    public override string ToString()
    {
        lock (_gate)
        {
            return string.Join('\n', _lines);
        }
    }
}
