using System.Runtime.Versioning;
using ArtifactPlatform.AppHost.Hosting;

namespace ArtifactPlatform.Tests.Hosting;

[SupportedOSPlatform("linux")]
public sealed class DataFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("ap data ").FullName;

    private string SecretsFile => Path.Combine(_root, "secrets.json");

    [Fact]
    public void A_secret_is_generated_once_and_kept_over_a_restart()
    {
        string first;
        using (var folder = DataFolder.Open(_root))
        {
            first = folder.Secret("master-key");
            Assert.Equal(first, folder.Secret("master-key"));
        }

        using var later = DataFolder.Open(_root);

        Assert.Equal(first, later.Secret("master-key"));
        Assert.Matches("^[A-Za-z0-9]{43}$", first);
    }

    [Fact]
    public void Each_secret_is_its_own_and_a_new_one_keeps_the_others()
    {
        using var folder = DataFolder.Open(_root);

        var (first, second) = (folder.Secret("redis-password"), folder.Secret("demo-password"));

        Assert.NotEqual(first, second);
        Assert.Equal(first, folder.Secret("redis-password"));
    }

    [Fact]
    public void Only_its_owner_reads_the_secrets()
    {
        using var folder = DataFolder.Open(_root);
        folder.Secret("first");
        File.SetUnixFileMode(SecretsFile, UnixFileMode.UserRead | UnixFileMode.OtherRead);

        folder.Secret("second");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SecretsFile));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"master-key\":\"kept")]
    [InlineData("[\"kept\"]")]
    [InlineData("{\"master-key\":7}")]
    public void Secrets_that_cannot_be_read_are_never_replaced(string content)
    {
        File.WriteAllText(SecretsFile, content);
        using var folder = DataFolder.Open(_root);

        var problem = Assert.Throws<CannotStartException>(() => folder.Secret("master-key")).Message;

        Assert.StartsWith($"{SecretsFile} is not valid JSON", problem, StringComparison.Ordinal);
        Assert.EndsWith("restore it, or start with an empty DATA_DIR", problem, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(SecretsFile));
    }

    [Fact]
    public void A_folder_that_a_running_copy_holds_is_refused()
    {
        using var folder = DataFolder.Open(_root);

        Assert.Equal(
            $"DATA_DIR {_root} is in use by a running copy (pid {Environment.ProcessId}); stop it, or set DATA_DIR to another folder",
            Assert.Throws<CannotStartException>(() => DataFolder.Open(_root)).Message);
    }

    [Fact]
    public void Too_little_space_is_named_with_what_is_needed()
    {
        const long needed = 1L << 30;

        DataFolder.CheckSpace("/data", needed, needed);

        Assert.Equal(
            "DATA_DIR /data has 1023 MiB free and needs 1024; free some space, or set DATA_DIR to another disk",
            Assert.Throws<CannotStartException>(() => DataFolder.CheckSpace("/data", needed - 1, needed)).Message);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
