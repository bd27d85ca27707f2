namespace Lanyard.Checkpoints;

/// <summary>Links in a folder, as a download cache has them, that may lead to files which are not there.</summary>
internal static class FolderLinks
{
    /// <summary>Whether a folder has a file or a link of a name, wherever the link leads.</summary>
    public static bool Has(string path) => File.Exists(path) || Target(path) is not null;

    /// <summary>What is wrong with a link; null if nothing is, or if it is none.</summary>
    public static string? Problem(string path)
    {
        if (Target(path) is not string target)
        {
            return null;
        }

        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true) is { Exists: true } ? null : $"it is a link to {target}, which is not there: was the download completed?";
        }
        catch (IOException e)
        {
            return $"it is a link to {target}: {e.Message}";
        }
    }

    private static string? Target(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (CheckpointFile.IsInputOutput(e))
        {
            return null;
        }
    }
}
