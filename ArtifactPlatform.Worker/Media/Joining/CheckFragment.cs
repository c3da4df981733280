using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Media;

/// <summary>The quick look at a fragment: first bytes, outermost boxes, headers.</summary>
internal static class CheckFragment
{
    public static async Task<SniffedContent> SniffAsync(ReadMedia media, MediaInput input, long sizeBytes, ArtifactType type, CancellationToken ct)
    {
        var file = await FileWindow.OpenAsync(media.Bytes, input, sizeBytes, ct);
        var content = ContentSniffer.Sniff(file.Head);
        if (ContentSniffer.Judge(content, type) is { } verdict)
        {
            throw verdict;
        }

        if (content.IsIso)
        {
            (await Mp4Layout.ReadAsync(file, ct)).Check(sizeBytes);
        }

        return content;
    }

    /// <exception cref="MediaRejectedException">It is not media, or not whole; names the fragment.</exception>
    public static async Task<ComparedFragment> HeadersAsync(ReadMedia media, FragmentSource source, ArtifactType type, CancellationToken ct)
    {
        try
        {
            await SniffAsync(media, source.Source, source.SizeBytes, type, ct);
            var document = await media.HeadersAsync(source.Source, ct);
            return CheckStreams.Verdict(document, type) is { } unfit
                ? throw unfit
                : new ComparedFragment(source.Index, document, InspectFragment.MainOf(document, type));
        }
        catch (MediaRejectedException e) when (e.Param is null)
        {
            throw new MediaRejectedException(e.Code, $"fragments[{source.Index}]: {e.Message}", $"fragments[{source.Index}]", e);
        }
    }
}
