using Radzen;

namespace ArtifactPlatform.Web.Layout;

/// <summary>The two sizes of dialog.</summary>
public static class DialogLook
{
    public static DialogOptions Narrow => Create("dialog-narrow");

    public static DialogOptions Wide => Create("dialog-wide");

    /// <summary>For what is shown once: it goes by its own button alone, not by a key that is hit in passing.</summary>
    public static DialogOptions Once
    {
        get
        {
            var options = Narrow;
            options.ShowClose = false;
            return options;
        }
    }

    /// <summary>Sizes stand in the style sheet; the options' own would be fixed for every screen. Focus and Escape are dialogs.js's: the options' own come late, the focus by half a second, and would take it from where someone types by then.</summary>
    private static DialogOptions Create(string cssClass) => new() { CssClass = cssClass, Width = "", CloseDialogOnEsc = false, AutoFocusFirstElement = false };
}
