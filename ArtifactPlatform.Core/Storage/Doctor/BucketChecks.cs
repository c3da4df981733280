using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace ArtifactPlatform.Core.Storage.Doctor;

/// <summary>What the store says of its clock and of the bucket's rules.</summary>
internal sealed class BucketChecks(ObjectStore store, IHttpClientFactory http, TimeProvider clock)
{
    /// <summary>S3 refuses at 15 minutes. Machines that follow NTP differ by milliseconds, and upload URLs live 15 minutes: a minute off is a fault in the making.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(1);

    public async Task<string> ClockSkewAsync(CancellationToken ct)
    {
        using var client = http.CreateClient();
        var asked = clock.GetUtcNow();
        // Any answer carries the time, a refusal too.
        using var answer = await client.GetAsync(store.Options.Address.Endpoint, HttpCompletionOption.ResponseHeadersRead, ct);
        var answered = clock.GetUtcNow();
        if (answer.Headers.Date is not { } date)
        {
            return "The store's answers carry no Date; it takes signed requests, so it is less than 15 minutes away.";
        }

        var skew = date - (asked + ((answered - asked) / 2));
        return skew.Duration() <= MostSkew
            ? $"The clocks differ by {skew.Duration().TotalSeconds:0} s at most."
            : throw new CheckFailedException(
                $"The store's clock is {skew.Duration().TotalSeconds:0} s {(skew > TimeSpan.Zero ? "ahead of" : "behind")} this machine's.",
                "Presigned URLs would begin late or end early, and from 15 minutes on the store refuses everything. Let both machines follow NTP.");
    }

    public async Task<string> LifecycleAsync(CancellationToken ct)
    {
        var rules = await RulesAsync(ct);
        if (rules.FirstOrDefault(r => r.Expiration?.Days is not null && KeptRoots.Any(root => Covers(r, root))) is { } harmful)
        {
            throw new CheckFailedException($"Lifecycle rule {harmful.Id} expires files that the platform keeps.", "It would delete artifacts. Remove it, or limit it to incoming/ and temp/.");
        }

        var missing = new[] { ObjectKeys.IncomingRoot, ObjectKeys.TempRoot }
            .Where(root => !rules.Any(r => r.Expiration?.Days is not null && Covers(r, root)))
            .Select(root => $"one that expires {root}")
            .ToList();
        if (!rules.Any(r => r.AbortIncompleteMultipartUpload?.DaysAfterInitiation is not null && PrefixOf(r).Length == 0))
        {
            missing.Add("one that aborts unfinished multipart uploads");
        }

        return missing.Count == 0
            ? "Files that nobody claimed and parts of unfinished uploads expire."
            : throw new CheckFailedException(
                $"Lifecycle rules are missing: {string.Join(", ", missing)}.",
                "What nobody claims would fill the store. Grant s3:PutLifecycleConfiguration and run ./run.sh migrate, or set the rules at the store, 7 days each.");
    }

    private static string[] KeptRoots => [ObjectKeys.ArtifactsRoot, ObjectKeys.VideosRoot, ObjectKeys.DocksRoot];

    private async Task<List<LifecycleRule>> RulesAsync(CancellationToken ct)
    {
        try
        {
            var answer = await store.Client.GetLifecycleConfigurationAsync(store.Bucket, ct);
            return answer.Configuration?.Rules?.Where(r => r.Status == LifecycleRuleStatus.Enabled).ToList() ?? [];
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            return [];
        }
    }

    /// <summary>Whether the rule takes in everything below <paramref name="root"/>, or part of it.</summary>
    private static bool Covers(LifecycleRule rule, string root) =>
        root.StartsWith(PrefixOf(rule), StringComparison.Ordinal) || PrefixOf(rule).StartsWith(root, StringComparison.Ordinal);

    private static string PrefixOf(LifecycleRule rule) => rule.Filter?.LifecycleFilterPredicate switch
    {
        LifecyclePrefixPredicate prefix => prefix.Prefix ?? "",
        // A rule on tags or sizes reaches none of the platform's files.
        { } => "\uffff",
#pragma warning disable CS0618 // Older stores answer in the form that was used before filters.
        null => rule.Prefix ?? "",
#pragma warning restore CS0618
    };
}
