using System.Text.RegularExpressions;

namespace ArtifactPlatform.Tests.Unit.Architecture;

/// <summary>Who may use what, read off the source.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string[] Features = ["Artifacts", "Docks", "Uploads", "Videos", "Playback", "ApiKeys", "Users", "Webhooks", "Usage"];

    private const string UnitTests = "ArtifactPlatform.Tests/Unit/";

    private static readonly string Root = FindRoot();

    [Theory]
    [InlineData(@"\bAmazon\.", "ArtifactPlatform.Core/Storage/", "ArtifactPlatform.AppHost/Hosting.Native/")]
    [InlineData(@"\bStackExchange\.Redis\b", "ArtifactPlatform.Core/Queue/", "ArtifactPlatform.Core/Events/", "ArtifactPlatform.AppHost/Hosting.Native/")]
    [InlineData(@"\bProcess\.Start\b|\bnew Process\b|\bProcessStartInfo\b", "ArtifactPlatform.Worker/Ffmpeg/", "ArtifactPlatform.AppHost/")]
    public void A_dependency_is_named_in_its_own_folder_alone(string name, params string[] folders)
    {
        var elsewhere = Sources()
            .Where(file => !folders.Any(folder => file.StartsWith(folder, StringComparison.Ordinal)))
            .Where(file => Regex.IsMatch(File.ReadAllText(Path.Combine(Root, file)), name));

        Assert.Empty(elsewhere);
    }

    [Theory]
    [InlineData("Core", "Client")]
    [InlineData("Client")]
    [InlineData("ServiceDefaults")]
    [InlineData("Api", "Core", "Client", "ServiceDefaults")]
    [InlineData("Worker", "Core", "ServiceDefaults")]
    [InlineData("Web", "Client", "ServiceDefaults")]
    public void A_project_references_only_what_it_may(string project, params string[] allowed)
    {
        var text = File.ReadAllText(Path.Combine(Root, $"ArtifactPlatform.{project}", $"ArtifactPlatform.{project}.csproj"));
        var referenced = ProjectReference().Matches(text).Select(m => m.Groups[1].Value);

        Assert.Empty(referenced.Except(allowed));
    }

    [Fact]
    public void A_feature_does_not_reference_its_siblings()
    {
        var crossing =
            from file in Sources()
            let parts = file.Split('/')
            where parts.Length > 2 && Features.Contains(parts[1])
            from use in File.ReadLines(Path.Combine(Root, file))
            where use.StartsWith("using ", StringComparison.Ordinal)
            where Features.Any(feature => feature != parts[1] && use.Contains($"{parts[0]}.{feature};", StringComparison.Ordinal))
            // Core's rows and the contracts are what features share.
            where parts[0] is not ("ArtifactPlatform.Core" or "ArtifactPlatform.Client")
            select $"{file}: {use}";

        Assert.Empty(crossing);
    }

    /// <summary>How long a comparison takes must not tell how much of a guess was right.</summary>
    [Fact]
    public void Secrets_are_compared_in_constant_time()
    {
        var leaking =
            from file in Sources()
            from line in File.ReadLines(Path.Combine(Root, file))
            where SecretComparison().IsMatch(line)
            // The database looks up hashes of secrets, in an index.
            where !line.Contains("Where(", StringComparison.Ordinal) && !line.Contains("Async(", StringComparison.Ordinal)
            select $"{file}: {line.Trim()}";

        Assert.Empty(leaking);
        Assert.Matches(SecretComparison(), "if (!key.KeyHash.AsSpan().SequenceEqual(hash))");
        Assert.Matches(SecretComparison(), "return given == client.ClientSecret;");
        Assert.Matches(SecretComparison(), "if (options.EventsToken != given)");
    }

    /// <summary>Another class would use a platform that nobody has started.</summary>
    [Fact]
    public void A_test_class_that_takes_the_platform_starts_it()
    {
        var lacking =
            from file in TestSources()
            where !file.EndsWith("/ArchitectureTests.cs", StringComparison.Ordinal)
            from Match type in TestClassWithPlatform().Matches(File.ReadAllText(Path.Combine(Root, file)))
            where !type.Value.Contains("IClassFixture<StartedPlatform>", StringComparison.Ordinal) && !type.Value.Contains(": DashboardTest(", StringComparison.Ordinal)
            select $"{file}: {type.Value}";

        Assert.Empty(lacking);
        Assert.Matches(TestClassWithPlatform(), "public sealed class SomeTests(Platform platform)\n{");
    }

    [Fact]
    public void Unit_tests_start_nothing_and_have_a_namespace_of_their_own()
    {
        // This file names what the others must not.
        var units = TestSources().Where(file => file.StartsWith(UnitTests, StringComparison.Ordinal) && !file.EndsWith("/ArchitectureTests.cs", StringComparison.Ordinal)).ToList();
        var starting = units.Where(file => StartsSomething().IsMatch(File.ReadAllText(Path.Combine(Root, file))));
        var misplaced = units.Where(file => !File.ReadAllText(Path.Combine(Root, file)).Contains($"namespace {Path.GetDirectoryName(file)?.Replace('/', '.')};", StringComparison.Ordinal));

        Assert.NotEmpty(units);
        Assert.Empty(starting);
        Assert.Empty(misplaced);
        Assert.Matches(StartsSomething(), "SomeTests(Platform platform)");
        Assert.Matches(StartsSomething(), "await TestMedia.Mp4Async()");
    }

    private static IEnumerable<string> TestSources() => CSharpFiles().Where(file => file.StartsWith("ArtifactPlatform.Tests/", StringComparison.Ordinal));

    /// <summary>All source of the product, relative to the root, with forward slashes.</summary>
    private static IEnumerable<string> Sources() =>
        CSharpFiles().Where(file => file.StartsWith("ArtifactPlatform.", StringComparison.Ordinal) && !file.StartsWith("ArtifactPlatform.Tests/", StringComparison.Ordinal));

    private static IEnumerable<string> CSharpFiles() => Directory
        .EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    private static string FindRoot([System.Runtime.CompilerServices.CallerFilePath] string thisFile = "")
    {
        var folder = Path.GetDirectoryName(thisFile);
        while (folder is not null && !File.Exists(Path.Combine(folder, "ArtifactPlatform.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The source can't be found.");
    }

    [GeneratedRegex(@"(?i)\w*(secret|token|password|signature|keyhash|secrethash)(\?|\(\))?((\.AsSpan\(\))?\.(SequenceEqual|Equals)\(| [!=]= (?!null|default|\(byte|""))|[!=]= (\w+[.?])*\w*(secret|token|password|signature|secrethash)\b(?!\.)")]
    private static partial Regex SecretComparison();

    [GeneratedRegex(@"class \w+Tests\([^)]*\bPlatform \w+[^)]*\)[^\n]*")]
    private static partial Regex TestClassWithPlatform();

    /// <summary>The fixtures, and the helpers that run ffmpeg, Node or Chromium.</summary>
    [GeneratedRegex(@"\b(Platform|Browser) \w+[,)]|\b(StartedPlatform|FaultPlatform|TestMedia|VideoMedia|MediaStack|VideoStack|OidcProvider|OwnDashboard)\b[.>]|\bProcess\.Start\b")]
    private static partial Regex StartsSomething();

    [GeneratedRegex(@"<ProjectReference Include=""\.\./ArtifactPlatform\.(\w+)/")]
    private static partial Regex ProjectReference();
}
