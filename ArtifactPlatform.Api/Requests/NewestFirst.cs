using ArtifactPlatform.Client.Artifacts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Requests;

/// <summary>Keyset pages of rows whose ids sort by time, the newest first.</summary>
internal static class NewestFirst
{
    /// <summary>Rows a page, where a request does not say.</summary>
    public const int DefaultLimit = 20;

    private const string Id = "Id";

    /// <summary>The rows behind the one with the id <paramref name="last"/>, which the list itself may leave out.</summary>
    /// <param name="last">Null: from the newest on.</param>
    /// <returns>Null when there is no such row.</returns>
    public static async Task<IQueryable<T>?> BehindAsync<T>(this IQueryable<T> rows, string? last, CancellationToken ct) where T : class =>
        last is null ? rows
        : await rows.AnyAsync(r => EF.Property<string>(r, Id) == last, ct) ? rows.Where(r => string.Compare(EF.Property<string>(r, Id), last) < 0)
        : null;

    /// <summary>A page's rows, and one more that tells whether another page follows.</summary>
    public static IQueryable<T> Newest<T>(this IQueryable<T> rows, int? limit) where T : class =>
        rows.OrderByDescending(r => EF.Property<string>(r, Id)).Take((limit ?? DefaultLimit) + 1);

    /// <param name="found">What <see cref="Newest{T}"/> gave, as the contract shows it.</param>
    public static Ok<Page<T>> ToPage<T>(this IEnumerable<T> found, int? limit, Func<T, string> idOf)
    {
        var size = limit ?? DefaultLimit;
        var all = found.ToList();
        var page = all.Take(size).ToList();
        return TypedResults.Ok(new Page<T>(page, all.Count > size, all.Count > size ? idOf(page[^1]) : null));
    }
}
