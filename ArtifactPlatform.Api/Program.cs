using ArtifactPlatform.Api;
using ArtifactPlatform.Api.Setup;
using ArtifactPlatform.ServiceDefaults;

return await CommandLine.RunAsync(args, () => StartUp.RunAsync(ApiHost.ServeAsync), Console.Out, Console.Error);
