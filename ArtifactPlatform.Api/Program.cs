using ArtifactPlatform.Api;
using ArtifactPlatform.Api.Setup;
using ArtifactPlatform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddApi();

var app = builder.Build();
switch (args)
{
    case ["migrate"]:
        return await PrepareStores.RunAsync(app.Services, CancellationToken.None);
    case ["quota", .. var options]:
        return await SetQuota.RunAsync(app.Services, options, CancellationToken.None);
}

if (args is ["rotate-signing-key"])
{
    return await RotateSigningKey.RunAsync(app.Services, CancellationToken.None);
}

if (args is ["doctor"])
{
    return await RunDoctor.RunAsync(app.Services, Console.Out, CancellationToken.None);
}

app.UseApi();
await app.RunAsync();
return 0;
