using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("ArtifactPlatform.Tests")]
