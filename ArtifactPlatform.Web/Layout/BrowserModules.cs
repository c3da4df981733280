using Microsoft.JSInterop;

namespace ArtifactPlatform.Web.Layout;

public static class BrowserModules
{
    /// <summary>Lets go of a module, or of nothing; a browser that has gone away has let go already.</summary>
    public static async ValueTask ReleaseAsync(this IJSObjectReference? module)
    {
        if (module is null)
        {
            return;
        }

        try
        {
            await module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The circuit is over.
        }
    }
}
