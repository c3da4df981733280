using System.Text.Json;
using ArtifactPlatform.Client.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Database;

/// <summary>Maps a contract record to a jsonb column, in the contract's own form.</summary>
internal static class JsonColumn
{
    /// <summary>Values are replaced whole, never changed in place: comparing references is enough.</summary>
    public static void HasJsonColumn<T>(this PropertyBuilder<T> property) => property
        .HasColumnType("jsonb")
        .HasConversion(
            value => JsonSerializer.Serialize(value, ContractJson.Options),
            json => JsonSerializer.Deserialize<T>(json, ContractJson.Options)!,
            ValueComparer.CreateDefault<T>(favorStructuralComparisons: false));
}
