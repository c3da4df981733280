using System.Text.Json;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Audit;
using ArtifactPlatform.Client.Uploads;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Client.Webhooks;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ArtifactPlatform.Core.Database;

/// <summary>Stores enums as the words of the contract (<c>upload_started</c>), so that SQL, JSON and logs say the same.</summary>
public static class EnumWords
{
    private const int MaxLength = 32;

    /// <summary>The contract's word for <paramref name="value"/>.</summary>
    public static string Word<T>(this T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    internal static void ConfigureEnumWords(this ModelConfigurationBuilder builder)
    {
        Configure<ArtifactType>(builder);
        Configure<ArtifactStatus>(builder);
        Configure<UploadMethod>(builder);
        Configure<ArtifactSource>(builder);
        Configure<UploadStatus>(builder);
        Configure<UploadTransport>(builder);
        Configure<VideoStatus>(builder);
        Configure<PlaybackPolicy>(builder);
        Configure<IngestKind>(builder);
        Configure<JobStatus>(builder);
        Configure<UserRole>(builder);
        Configure<AuditActorType>(builder);
        Configure<WebhookEndpointStatus>(builder);
        Configure<WebhookDisabledReason>(builder);
        Configure<WebhookDeliveryStatus>(builder);
        Configure<WebhookTrigger>(builder);
        Configure<UsageKind>(builder);
    }

    private static void Configure<T>(ModelConfigurationBuilder builder) where T : struct, Enum =>
        builder.Properties<T>().HaveConversion<Converter<T>>().HaveMaxLength(MaxLength);

    private sealed class Converter<T>() : ValueConverter<T, string>(value => value.Word(), word => Parse<T>(word)) where T : struct, Enum;

    private static T Parse<T>(string word) where T : struct, Enum => Enum.Parse<T>(word.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
}
