using System.Globalization;
using System.Runtime.Versioning;
using ArtifactPlatform.Worker.Queue;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Tests.Unit.Queue;

[UnsupportedOSPlatform("windows")]
public sealed class ScratchTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string home = Directory.CreateTempSubdirectory("scratch-tests-").FullName;

    public void Dispose() => Directory.Delete(home, recursive: true);

    [Fact]
    public void Its_folders_are_private()
    {
        var path = Path.Combine(home, "a", "b");
        using var folder = Scratch.Open(path).NewFolder("job");

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Path.GetDirectoryName(folder.Path)!));
        Assert.StartsWith(path, folder.Path, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_others_can_read_is_closed_to_them()
    {
        File.SetUnixFileMode(home, OwnerOnly | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        Scratch.Open(home);

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(home));
    }

    [Fact]
    public void What_a_dead_worker_left_is_deleted_and_nothing_else()
    {
        var dead = Directory.CreateDirectory(Path.Combine(home, int.MaxValue.ToString(CultureInfo.InvariantCulture), "job")).Parent!;
        var live = Directory.CreateDirectory(Path.Combine(home, "1"));
        var foreign = Directory.CreateDirectory(Path.Combine(home, "photos"));

        Scratch.Open(home);

        Assert.False(Directory.Exists(dead.FullName));
        Assert.True(Directory.Exists(live.FullName));
        Assert.True(Directory.Exists(foreign.FullName));
    }

    [Theory]
    [InlineData("file", "it is a file")]
    [InlineData("file/below", "file")]
    public void A_path_that_is_no_folder_is_explained_with_its_setting(string path, string reason)
    {
        File.WriteAllText(Path.Combine(home, "file"), "");

        var e = Assert.Throws<OptionsValidationException>(() => Scratch.Open(Path.Combine(home, path)));

        Assert.Contains(Path.Combine(home, path), e.Message, StringComparison.Ordinal);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.Contains("Worker__ScratchPath", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_setting_it_is_not_in_a_folder_that_all_users_share() => Assert.Contains(Environment.UserName, new WorkerOptions().ScratchPath, StringComparison.Ordinal);
}
