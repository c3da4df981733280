using ArtifactPlatform.Client;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Events;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Tests;
using ArtifactPlatform.Tests.Ingest;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ArtifactPlatform.Bench;

/// <summary>The platform on an empty folder, and a file server on 127.0.0.1 beside it.</summary>
public sealed class Stand : IAsyncDisposable
{
    /// <summary>Bytes of the large file: long enough that starting counts for little, short enough for a small disk.</summary>
    public const long FileSizeBytes = 512L << 20;

    private readonly WebApplication files;
    private readonly HttpClient http;
    private readonly DbContextOptions<PlatformDb> database;
    private readonly ConnectionMultiplexer redis;

    private Stand(PlatformHost platform, WebApplication files, HttpClient http, string apiKey, ObjectStore store, DbContextOptions<PlatformDb> database, ConnectionMultiplexer redis)
    {
        this.database = database;
        this.redis = redis;
        Nudge = new EventNudge(redis, NullLogger<EventNudge>.Instance);
        Store = store;
        ApiKey = apiKey;
        Platform = platform;
        this.files = files;
        this.http = http;
        Client = new PlatformClient(http, apiKey);
    }

    public PlatformHost Platform { get; }

    public PlatformClient Client { get; }

    public Uri ApiUrl => http.BaseAddress!;

    /// <summary>The client's.</summary>
    public string ApiKey { get; }

    /// <summary>The platform's store, as its services see it.</summary>
    public ObjectStore Store { get; }

    public EventNudge Nudge { get; }

    /// <summary>Answers with <see cref="FileSizeBytes"/> of a wav file.</summary>
    public string LargeFile => $"{files.Urls.First()}/large.wav";

    /// <summary>Answers with a wav file of a tenth of a second.</summary>
    public string SmallFile => $"{files.Urls.First()}/small.wav";

    public static async Task<Stand> StartAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var platform = await PlatformHost.CreateAsync([("Ingest__AllowedPrivateNetworks__0", "127.0.0.1/32")], timeout.Token);
        await platform.StartAsync(timeout.Token);
        var http = new HttpClient { BaseAddress = platform.GetEndpoint("api") };
        var key = await platform.GetEnvironmentAsync("migrate", "Demo__ApiKey", timeout.Token);
        var address = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:objectstore", await platform.GetConnectionStringAsync("objectstore", timeout.Token))]).Build();
        var store = new ObjectStore(Options.Create(new StorageOptions { Address = StoreAddress.From(address) }), TimeProvider.System);
        var database = new DbContextOptionsBuilder<PlatformDb>().UseNpgsql(await platform.GetConnectionStringAsync("artifactdb", timeout.Token)).UseSnakeCaseNamingConvention().Options;
        var redis = await ConnectionMultiplexer.ConnectAsync(await platform.GetConnectionStringAsync("redis", timeout.Token) ?? "");
        return new Stand(platform, await StartFilesAsync(), http, key ?? throw new InvalidOperationException("No demo key."), store, database, redis);
    }

    /// <summary>The platform's database, as its services see it.</summary>
    public PlatformDb Database() => new(database);

    public async ValueTask DisposeAsync()
    {
        await files.DisposeAsync();
        await redis.DisposeAsync();
        http.Dispose();
        Store.Dispose();
        await Platform.DisposeAsync();
    }

    private static async Task<WebApplication> StartFilesAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/large.wav", context => SendWavAsync(context, FileSizeBytes));
        app.MapGet("/small.wav", context => SendWavAsync(context, 19_244));
        await app.StartAsync();
        return app;
    }

    private static async Task SendWavAsync(HttpContext context, long sizeBytes)
    {
        context.Response.ContentLength = sizeBytes;
        var header = WavFile.Header(sizeBytes);
        await context.Response.Body.WriteAsync(header);
        var piece = new byte[1 << 20];
        new Random(1).NextBytes(piece);
        for (var left = sizeBytes - header.Length; left > 0; left -= piece.Length)
        {
            await context.Response.Body.WriteAsync(piece.AsMemory(0, (int)Math.Min(piece.Length, left)));
        }
    }
}
