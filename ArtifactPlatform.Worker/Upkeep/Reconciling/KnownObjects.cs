using ArtifactPlatform.Core.Database;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Worker.Upkeep.Reconciling;

/// <summary>A row that says that an object exists.</summary>
public sealed record ExpectedObject(string SubjectId, string Key);

/// <summary>
/// What the rows know of the bucket. Each question is one statement, and so one view of the database: an artifact that is being deleted or
/// restored meanwhile stands in one table or the other, never in none. A row is always there before its object is written.
/// </summary>
public static class KnownObjects
{
    /// <summary>Those that have a row: which may still be written, awaited, restored, or be about to be removed by a job of its own.</summary>
    public static async Task<HashSet<string>> OwnersAsync(PlatformDb db, string[] ids, CancellationToken ct) => [.. await db.Database
        .SqlQuery<string>(
            $"""
            select id as "Value" from artifacts where id = any({ids})
            union select id from restorable_artifacts where id = any({ids})
            union select artifact_id from uploads where artifact_id = any({ids}) and status = 'created'
            union select id from temp_uploads where id = any({ids})
            union select id from videos where id = any({ids})
            union select id from dock_artifacts where id = any({ids})
            union select split_part(s3_key, '/', 2) from dock_artifacts where split_part(s3_key, '/', 2) = any({ids})
            union select subject_id from jobs where subject_id = any({ids}) and status in ('queued', 'running')
            """)
        .ToListAsync(ct)];

    /// <summary>Of these parts of videos, <c>{video}/{package}</c>, those that play, may still be written, or go by a job of their own.</summary>
    public static async Task<HashSet<string>> PackagesAsync(PlatformDb db, string[] packages, CancellationToken ct) => [.. await db.Database
        .SqlQuery<string>(
            $"""
            select p.name as "Value" from unnest({packages}) p (name) where
                exists (select 1 from videos v where v.id = split_part(p.name, '/', 1)
                    and (v.package = split_part(p.name, '/', 2) or split_part(p.name, '/', 2) = 'captions' or v.status in ('preparing', 'reprocessing')))
                or exists (select 1 from jobs j where j.subject_id in (p.name, split_part(p.name, '/', 1)) and j.status in ('queued', 'running'))
            """)
        .ToListAsync(ct)];

    /// <summary>The rows whose objects' keys lie behind <paramref name="after"/>, up to and with <paramref name="last"/>, in the bucket's order, but for <paramref name="present"/>.</summary>
    public static Task<List<ExpectedObject>> MissingAsync(PlatformDb db, string bucket, string after, string last, string[] present, int limit, CancellationToken ct) => db.Database
        .SqlQuery<ExpectedObject>(
            $"""
            select e.subject_id, e.key from (
                select id as subject_id, s3_key as key from artifacts
                where status = 'upload_completed' and s3_bucket = {bucket} and s3_key collate "C" > {after} and s3_key collate "C" <= {last}
                union all select id, record ->> 's3_key' from restorable_artifacts
                where restorable_until > now() and record ->> 's3_bucket' = {bucket} and (record ->> 's3_key') collate "C" > {after} and (record ->> 's3_key') collate "C" <= {last}
                union all select id, s3_key from dock_artifacts
                where status = 'upload_completed' and not is_duplicate and s3_key collate "C" > {after} and s3_key collate "C" <= {last}
                union all select id, 'videos/' || id || '/' || package || '/package.json' from videos
                where package is not null and ('videos/' || id || '/' || package || '/package.json') collate "C" > {after} and ('videos/' || id || '/' || package || '/package.json') collate "C" <= {last}
                union all select id, 'videos/' || video_id || '/captions/' || id || '.vtt' from captions
                where ('videos/' || video_id || '/captions/' || id || '.vtt') collate "C" > {after} and ('videos/' || video_id || '/captions/' || id || '.vtt') collate "C" <= {last}
            ) e where not e.key = any({present}) limit {limit}
            """)
        .ToListAsync(ct);
}
