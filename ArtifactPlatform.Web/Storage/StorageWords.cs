namespace ArtifactPlatform.Web.Storage;

/// <summary>The checks of the storage doctor in a person's words.</summary>
internal static class StorageWords
{
    /// <summary>A check of a later release keeps its own name.</summary>
    public static string Title(string check) => check switch
    {
        "put" => "Write and read a file",
        "multipart" => "Upload in parts",
        "double_complete" => "Complete an upload twice",
        "upload_part_copy" => "Copy in parts inside the store",
        "checksum" => "Refuse damaged bytes",
        "presigned_put" => "Presigned upload from outside",
        "cors" => "Uploads from a browser (CORS)",
        "clock_skew" => "Clocks agree",
        "lifecycle" => "Lifecycle rules",
        "delete" => "Remove files",
        _ => check,
    };
}
