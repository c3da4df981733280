using System.Diagnostics;

namespace ArtifactPlatform.Tests.Ingest;

/// <summary>Makes further S3 users in the platform's store, as an operator would.</summary>
public static class S3Users
{
    /// <summary>radosgw-admin takes turns: two at once can trip over each other.</summary>
    private static readonly SemaphoreSlim OneAtATime = new(1);

    /// <returns>Access key id and secret.</returns>
    public static async Task<(string AccessKey, string Secret)> CreateAsync(Platform platform)
    {
        var name = $"customer{Guid.NewGuid():N}"[..20];
        var secret = Guid.NewGuid().ToString("N");
        await OneAtATime.WaitAsync();
        try
        {
            var config = Directory.EnumerateFiles(platform.App.DataFolder, "ceph.conf", SearchOption.AllDirectories).Single();
            using var process = Process.Start(new ProcessStartInfo(
                "radosgw-admin",
                ["-n", "client.rgw", "-c", config, "user", "create", $"--uid={name}", $"--display-name={name}", $"--access-key={name}", $"--secret-key={secret}"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }) ?? throw new InvalidOperationException("radosgw-admin did not start.");
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, await output + await errors);
        }
        finally
        {
            OneAtATime.Release();
        }

        return (name, secret);
    }
}
