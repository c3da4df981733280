using System.Globalization;
using System.Security.Cryptography;
using ArtifactPlatform.Core.Database;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Core.Events;

/// <summary>Appends to the event log and reads it. Appending belongs last in a transaction: it locks the company's head until the commit.</summary>
public sealed class EventLog(TimeProvider clock)
{
    private const string Prefix = "evt_";
    private const int SequenceDigits = 12;
    private const int RandomDigits = 12;

    /// <summary>Writes one event in <paramref name="db"/>'s transaction.</summary>
    /// <param name="json">The thing as it is after the change.</param>
    public async Task AppendAsync(PlatformDb db, string companyId, string type, string subjectId, string json, CancellationToken ct)
    {
        var random = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomDigits / 2));
        var now = clock.GetUtcNow();
        await db.Database.ExecuteSqlAsync(
            $"""
            with head as (
                insert into event_heads (company_id, last_sequence) values ({companyId}, 1)
                on conflict (company_id) do update set last_sequence = event_heads.last_sequence + 1
                returning last_sequence)
            insert into events (company_id, sequence, id, type, subject_id, object, created_at)
            select {companyId}, last_sequence, {Prefix} || lpad(to_hex(last_sequence), {SequenceDigits}, '0') || {random}, {type}, {subjectId}, {json}::jsonb, {now}
            from head
            """,
            ct);
    }

    /// <summary>The next events behind <paramref name="after"/>, oldest first.</summary>
    /// <param name="subjectId">Only events about this thing; null = all of the company's.</param>
    /// <param name="types">Only these, as <see cref="EventFilter"/> has them.</param>
    public static async Task<List<EventRow>> ReadAsync(PlatformDb db, string companyId, long after, string? subjectId, IReadOnlyCollection<string> types, int limit, CancellationToken ct) =>
        await db.Events.AsNoTracking()
            .Where(e => e.CompanyId == companyId && e.Sequence > after && (subjectId == null || e.SubjectId == subjectId))
            .OfTypes(types)
            .OrderBy(e => e.Sequence)
            .Take(limit)
            .ToListAsync(ct);

    /// <summary>The number of the company's last visible event; 0 before the first.</summary>
    public static async Task<long> HeadAsync(PlatformDb db, string companyId, CancellationToken ct) =>
        await db.Database.SqlQuery<long>($"select last_sequence as \"Value\" from event_heads where company_id = {companyId}").SingleOrDefaultAsync(ct);

    /// <summary>Whether retention has removed an event behind that place: whoever goes on there has missed it. To be asked after reading.</summary>
    public static async Task<bool> HasPrunedAsync(PlatformDb db, string companyId, long after, CancellationToken ct) =>
        await db.Database.SqlQuery<bool>($"select pruned_sequence > {after} as \"Value\" from event_heads where company_id = {companyId}").SingleOrDefaultAsync(ct);

    /// <summary>Whether an id may be of this company's log: another company's event has the same place and another id. What is no longer kept can't be told apart.</summary>
    public static async Task<bool> IsOwnAsync(PlatformDb db, string companyId, string id, long sequence, CancellationToken ct) =>
        id == PositionId(sequence) || !await db.Events.AnyAsync(e => e.CompanyId == companyId && e.Sequence == sequence && e.Id != id, ct);

    /// <summary><see cref="HeadAsync"/> for several companies in one query; those without events are left out.</summary>
    public static async Task<Dictionary<string, long>> HeadsAsync(PlatformDb db, string[] companyIds, CancellationToken ct)
    {
        var heads = await db.Database.SqlQuery<CompanyHead>($"select company_id, last_sequence from event_heads where company_id = any({companyIds})").ToListAsync(ct);
        return heads.ToDictionary(h => h.CompanyId, h => h.LastSequence);
    }

    /// <summary>An id that stands for a place in the log without being any event's: reading goes on behind it as behind an event's own.</summary>
    public static string PositionId(long sequence) => Prefix + sequence.ToString($"x{SequenceDigits}", CultureInfo.InvariantCulture) + new string('0', RandomDigits);

    /// <summary>The place in the log that an event id stands for; it is part of the id, so an id stays good when its event is gone.</summary>
    /// <returns>False when <paramref name="id"/> is no event id.</returns>
    public static bool TryParseId(string id, out long sequence)
    {
        sequence = 0;
        return id.Length > Prefix.Length + SequenceDigits
            && id.StartsWith(Prefix, StringComparison.Ordinal)
            && long.TryParse(id.AsSpan(Prefix.Length, SequenceDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out sequence);
    }

    private sealed record CompanyHead(string CompanyId, long LastSequence);
}
