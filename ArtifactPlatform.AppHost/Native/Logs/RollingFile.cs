namespace ArtifactPlatform.NativeHosting.Logs;

/// <summary>A log file and the one before it, together never over twice the limit.</summary>
internal sealed class RollingFile(string path, long limitBytes = RollingFile.DefaultLimitBytes) : IDisposable
{
    public const long DefaultLimitBytes = 20 * 1024 * 1024;
    private readonly Lock _gate = new();
    private StreamWriter? _writer;
    private bool _closed;

    public void WriteLine(string line)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            try
            {
                _writer ??= Open();
                _writer.WriteLine(line);
                if (_writer.BaseStream.Position > limitBytes)
                {
                    _writer.Dispose();
                    _writer = null;
                    File.Move(path, path + ".1", overwrite: true);
                }
            }
            catch (IOException)
            {
                // A full disk must not take the platform down through its log; the line still goes to the console.
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _writer?.Dispose();
        }
    }

    private StreamWriter Open() =>
        new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };
}
