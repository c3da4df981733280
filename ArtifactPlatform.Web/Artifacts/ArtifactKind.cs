using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Web.Platform;

namespace ArtifactPlatform.Web.Artifacts;

public static class ArtifactKind
{
    public static ThingKind<ArtifactObject> Instance { get; } = new("artifact.", artifact => artifact.Id, artifact => artifact.UpdatedAt);
}
