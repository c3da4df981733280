using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Web.Layout;
using Microsoft.AspNetCore.Components;

namespace ArtifactPlatform.Web.Artifacts;

/// <summary>What the list shows. It lives in the page's address, so that a reload or a link shows the same.</summary>
public sealed record ArtifactFilter(ArtifactType? Type, ArtifactStatus? Status, string? Search) : IListFilter<ArtifactObject>
{
    private const string Completed = "completed";
    private const string Processing = "processing";
    private const string Failed = "failed";
    private const string Created = "created";

    public bool IsEmpty => this == new ArtifactFilter(null, null, null);

    /// <summary>Unknown words filter nothing.</summary>
    public static ArtifactFilter Parse(string? type, string? status, string? search) => new(
        Enum.TryParse<ArtifactType>(type, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed : null,
        status switch
        {
            Created => ArtifactStatus.Created,
            Processing => ArtifactStatus.UploadStarted,
            Completed => ArtifactStatus.UploadCompleted,
            Failed => ArtifactStatus.UploadFailed,
            _ => null,
        },
        string.IsNullOrWhiteSpace(search) ? null : search);

    public static string Word(ArtifactStatus status) => status switch
    {
        ArtifactStatus.Created => Created,
        ArtifactStatus.UploadStarted => Processing,
        ArtifactStatus.UploadCompleted => Completed,
        _ => Failed,
    };

    public static string Word(ArtifactType type) => type.ToString().ToLowerInvariant();

    public string ToAddress(NavigationManager navigation) => navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
    {
        ["type"] = Type is { } type ? Word(type) : null,
        ["status"] = Status is { } status ? Word(status) : null,
        ["search"] = Search,
    });

    public ArtifactQuery ToQuery(int limit, string? startingAfter) => new() { Type = Type, Status = Status, Search = Search, Limit = limit, StartingAfter = startingAfter };

    /// <summary>The platform's own rule: all of it holds, and the name contains the text in any case of letters.</summary>
    public bool Fits(ArtifactObject thing)
    {
        ArgumentNullException.ThrowIfNull(thing);
        return (Type is null || thing.Type == Type)
            && (Status is null || thing.Status == Status)
            && (Search is null || thing.Name.Contains(Search, StringComparison.OrdinalIgnoreCase));
    }
}
