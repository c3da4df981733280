using System.Globalization;
using ArtifactPlatform.Client.Artifacts;

namespace ArtifactPlatform.Tests.Ingest;

/// <summary>What becomes of an artifact whose address redirects badly, does not open, or can't be resumed.</summary>
public sealed class UrlFailureTests(Platform platform)
{
    [Theory]
    [InlineData("http://127.0.0.2:{0}/x", "forbidden_address", "127.0.0.2")]
    [InlineData("http://[::ffff:127.0.0.2]:{0}/x", "forbidden_address", "127.0.0.2")]
    [InlineData("http://0x7f000002:{0}/x", "forbidden_address", "127.0.0.2")]
    [InlineData("http://2130706434:{0}/x", "forbidden_address", "127.0.0.2")]
    [InlineData("http://127.2:{0}/x", "forbidden_address", "127.0.0.2")]
    [InlineData("http://[::1]:{0}/x", "forbidden_address", "::1")]
    [InlineData("http://169.254.169.254/latest/meta-data", "forbidden_address", "169.254.169.254")]
    [InlineData("http://0.0.0.0:{0}/x", "forbidden_address", "0.0.0.0")]
    [InlineData("http://0:{0}/x", "forbidden_address", "0.0.0.0")]
    [InlineData("http://[::]:{0}/x", "forbidden_address", "::")]
    [InlineData("file:///etc/passwd", "bad_redirect", "127.0.0.1")]
    [InlineData("", "bad_redirect", "127.0.0.1")]
    [InlineData("http://[bad/x", "bad_redirect", "127.0.0.1")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/missing", "source_http_error", "[::ffff:127.0.0.1]")]
    public async Task A_bad_redirect_fails_at_once_and_names_the_host_that_is_at_fault(string target, string code, string host)
    {
        await using var server = await SourceServer.StartAsync();
        var company = await platform.NewCompanyAsync();
        var location = string.Format(CultureInfo.InvariantCulture, target, new Uri(server.Root).Port);
        var url = server.Add((context, _) =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = location;
            return Task.CompletedTask;
        });

        var failed = await company.FailedAsync((await UrlTests.CreateAsync(company, url)).Id, code);

        Assert.Contains(host, failed.ErrorMessage);
        Assert.Equal(1, server.Hits(url));
    }
}
