using ArtifactPlatform.Client.Storage;
using ArtifactPlatform.Core.Storage.Doctor;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtifactPlatform.Api.Storage;

internal static class ExamineStorage
{
    public static async Task<Ok<StorageReport>> Handle(StorageDoctor doctor, CancellationToken ct) => TypedResults.Ok(await doctor.ExamineAsync(ct));
}
