namespace Lanyard.Checkpoints;

/// <summary>Says what weights a folder has that are in no format that is read, by the names of its files, or where in it the checkpoint lies.</summary>
internal static class ForeignFolder
{
    private const int MaxShown = 3;

    private static readonly (string[] Endings, string What)[] Known =
    [
        ([".bin", ".pt", ".pth", ".ckpt"], $"in PyTorch's own format. {ForeignFile.Conversion}"),
        ([".msgpack"], "as Flax writes, which is not read: convert it to safetensors first"),
        ([".h5", ".keras"], "as Keras writes, which is not read: convert it to safetensors first"),
        ([".npz", ".npy"], "of NumPy, which is not read: convert it to safetensors first"),
        ([".onnx"], "of ONNX, which has a graph and not a checkpoint's names: take the weights that it was exported from"),
        ([".zip", ".tar", ".gz", ".tgz", ".zst", ".7z"], "which is an archive: unpack it"),
        ([".part", ".incomplete", ".crdownload", ".aria2"], "of a download that was not completed"),
    ];

    /// <summary>What is there in place of a checkpoint, a sentence; null where there is nothing.</summary>
    /// <param name="folder">A folder in which no checkpoint was found.</param>
    public static string? Of(string folder)
    {
        string[] names = [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        foreach ((string[] endings, string what) in Known)
        {
            // "training_args.bin" and the like are beside the weights, of whatever format these are.
            string[] found = [.. names.Where(name => endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) && !name.StartsWith("training_args", StringComparison.Ordinal) && !name.StartsWith("optimizer", StringComparison.Ordinal))];
            if (found.Length > 0)
            {
                return $"the folder has no safetensors and no GGUF, but {Shown(found)}, {what}.";
            }
        }

        string[] below = [.. Directory.EnumerateDirectories(folder).Where(HasCheckpoint).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
        return below.Length > 0 ? $"the folder has no checkpoint itself, but there is one in {Shown(below)}: open that." : null;
    }

    private static bool HasCheckpoint(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder).Any(path => path.EndsWith(SafetensorsIndex.Extension, StringComparison.Ordinal) || path.EndsWith(GgufHeader.Extension, StringComparison.Ordinal));
        }
        catch (Exception e) when (CheckpointFile.IsInputOutput(e))
        {
            return false;
        }
    }

    private static string Shown(string[] names) => string.Join(", ", names.Take(MaxShown)) + (names.Length > MaxShown ? $" and {names.Length - MaxShown} more" : "");
}
