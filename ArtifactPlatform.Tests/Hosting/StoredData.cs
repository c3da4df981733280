using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Npgsql;
using Xunit;

namespace ArtifactPlatform.Tests.Hosting;

/// <summary>Something in each of the three stores, through the connection strings that services get.</summary>
internal static class StoredData
{
    private const string Bucket = "kept-data";
    private const string Value = "kept über den Neustart";

    public static async Task WriteAsync(IReadOnlyDictionary<string, string> environment, CancellationToken ct)
    {
        await using var postgres = NpgsqlDataSource.Create(environment["ConnectionStrings__artifactdb"]);
        await using var insert = postgres.CreateCommand($"CREATE TABLE kept_data (value text); INSERT INTO kept_data VALUES ('{Value}')");
        await insert.ExecuteNonQueryAsync(ct);

        using var s3 = S3(environment);
        await s3.PutBucketAsync(Bucket, ct);
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "a/b", ContentBody = Value }, ct);

        Assert.Equal("+OK", await RedisAsync(environment, "SET kept-data 1", ct));
    }

    public static async Task AssertKeptAsync(IReadOnlyDictionary<string, string> environment, CancellationToken ct)
    {
        await using var postgres = NpgsqlDataSource.Create(environment["ConnectionStrings__artifactdb"]);
        await using var select = postgres.CreateCommand("SELECT value FROM kept_data");
        Assert.Equal(Value, await select.ExecuteScalarAsync(ct));

        using var s3 = S3(environment);
        using var kept = await s3.GetObjectAsync(Bucket, "a/b", ct);
        using var reader = new StreamReader(kept.ResponseStream);
        Assert.Equal(Value, await reader.ReadToEndAsync(ct));

        Assert.Equal("$1", await RedisAsync(environment, "GET kept-data", ct));
    }

    private static AmazonS3Client S3(IReadOnlyDictionary<string, string> environment)
    {
        var parts = new DbConnectionStringBuilder { ConnectionString = environment["ConnectionStrings__objectstore"] };
        return new AmazonS3Client(
            (string)parts["AccessKey"],
            (string)parts["SecretKey"],
            new AmazonS3Config
            {
                ServiceURL = (string)parts["Endpoint"],
                ForcePathStyle = true,
                AuthenticationRegion = "us-east-1",
                RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
                ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            });
    }

    /// <summary>The first line of the answer to an inline command (redis.io, protocol spec).</summary>
    private static async Task<string?> RedisAsync(IReadOnlyDictionary<string, string> environment, string command, CancellationToken ct)
    {
        var parts = environment["ConnectionStrings__redis"].Split(',');
        var address = parts[0].Split(':');
        using var client = new TcpClient(address[0], int.Parse(address[1], CultureInfo.InvariantCulture));
        await using var writer = new StreamWriter(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        using var reader = new StreamReader(client.GetStream());
        await writer.WriteLineAsync($"AUTH {parts[1]["password=".Length..]}".AsMemory(), ct);
        Assert.Equal("+OK", await reader.ReadLineAsync(ct));
        await writer.WriteLineAsync(command.AsMemory(), ct);
        return await reader.ReadLineAsync(ct);
    }
}
