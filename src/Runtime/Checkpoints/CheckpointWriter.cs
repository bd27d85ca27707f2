using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Checkpoints;

/// <summary>
/// Writes checkpoints in the safetensors format, laid out as the reference implementation does. Tensors may be on any device and
/// need not be contiguous. A file appears under its name only when it is whole and on the disk; until then it has a temporary
/// name beside it, and whatever had the name before stays. What a process that was killed left under such a name is removed by
/// the next one that writes there.
/// </summary>
public static class CheckpointWriter
{
    /// <summary>The most tensor bytes that <c>WriteDirectory</c> puts into one file unless told otherwise.</summary>
    public const long DefaultMaxFileBytes = 5_000_000_000;

    /// <summary>Writes one file.</summary>
    /// <param name="path">The file; one that is there is replaced. Its folder must exist.</param>
    /// <param name="tensors">
    /// The tensors, by unique names other than <c>__metadata__</c>. They are all listed before anything is written, and must not
    /// change until all is; they may be views of the file that is replaced.
    /// </param>
    /// <param name="metadata">The file's <c>__metadata__</c>; null for none.</param>
    /// <exception cref="CheckpointException">
    /// A name or an element type cannot be written, or the file cannot: nothing has changed then.
    /// </exception>
    public static void Write(string path, IEnumerable<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        WriteFile(path, full => TensorEntry.List(full, tensors, metadata), metadata);
    }

    /// <inheritdoc cref="Write(string, IEnumerable{ValueTuple{string, Tensor}}, IReadOnlyDictionary{string, string}?)"/>
    /// <summary>Writes one file of a dictionary's tensors.</summary>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        Write(path, tensors.Select(static tensor => (tensor.Key, tensor.Value)), metadata);
    }

    /// <summary>Writes one file of tensors that are made one by one, each when its turn comes: in the order of the file, not of the list.</summary>
    /// <param name="path">The file; one that is there is replaced. Its folder must exist.</param>
    /// <param name="tensors">The tensors, by unique names other than <c>__metadata__</c>.</param>
    /// <param name="metadata">The file's <c>__metadata__</c>; null for none.</param>
    /// <exception cref="CheckpointException">
    /// A name cannot be written, a tensor is another one than was announced, or the file cannot be written: nothing has changed
    /// then. The same holds for whatever a producer throws.
    /// </exception>
    public static void Write(string path, IEnumerable<TensorProducer> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        WriteFile(path, full => TensorEntry.List(full, tensors, metadata), metadata);
    }

    /// <summary>
    /// Writes a folder: a single <c>model.safetensors</c> if all tensors fit one file, otherwise files
    /// <c>model-00001-of-0000N.safetensors</c> and so on, and an index.
    /// </summary>
    /// <remarks>
    /// The folder may hold a checkpoint, which is replaced: files that its index named in this pattern, its index and its
    /// <c>model.safetensors</c> are removed when the new ones are there; other files are left alone. All data is written under
    /// temporary names first, so the folder must have room for both. An interruption at any moment leaves the old checkpoint or
    /// the new one, whole. Therefore no new file takes a name that the old index uses: where it would, the new files are called
    /// <c>model-2-00001-of-0000N.safetensors</c> and so on. Temporary files that an interruption left are removed by the next call.
    /// </remarks>
    /// <param name="path">The folder; it is created if it is not there.</param>
    /// <param name="tensors">The tensors, as for <see cref="Write(string, IEnumerable{ValueTuple{string, Tensor}}, IReadOnlyDictionary{string, string}?)"/>. They are dealt to files in this order.</param>
    /// <param name="metadata">The <c>__metadata__</c> of every file; null for none.</param>
    /// <param name="maxFileBytes">The most tensor bytes a file may have; a larger tensor gets a file of its own.</param>
    /// <returns>The names of the files, without folder and without the index.</returns>
    /// <exception cref="CheckpointException">A name or an element type cannot be written, or a file cannot.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxFileBytes"/> is not positive.</exception>
    public static IReadOnlyList<string> WriteDirectory(
        string path,
        IEnumerable<(string Name, Tensor Value)> tensors,
        IReadOnlyDictionary<string, string>? metadata = null,
        long maxFileBytes = DefaultMaxFileBytes)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return WriteFolder(path, folder => TensorEntry.List(folder, tensors, metadata), metadata, maxFileBytes);
    }

    /// <inheritdoc cref="WriteDirectory(string, IEnumerable{ValueTuple{string, Tensor}}, IReadOnlyDictionary{string, string}?, long)"/>
    /// <summary>Writes a folder of a dictionary's tensors.</summary>
    public static IReadOnlyList<string> WriteDirectory(
        string path,
        IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null,
        long maxFileBytes = DefaultMaxFileBytes)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return WriteDirectory(path, tensors.Select(static tensor => (tensor.Key, tensor.Value)), metadata, maxFileBytes);
    }

    /// <summary>
    /// Writes a folder of tensors that are made one by one, each when its turn comes; otherwise as
    /// <see cref="WriteDirectory(string, IEnumerable{ValueTuple{string, Tensor}}, IReadOnlyDictionary{string, string}?, long)"/>.
    /// </summary>
    /// <param name="path">The folder; it is created if it is not there.</param>
    /// <param name="tensors">The tensors. They are dealt to files in this order.</param>
    /// <param name="metadata">The <c>__metadata__</c> of every file; null for none.</param>
    /// <param name="maxFileBytes">The most tensor bytes a file may have; a larger tensor gets a file of its own.</param>
    /// <returns>The names of the files, without folder and without the index.</returns>
    /// <exception cref="CheckpointException">A name cannot be written, a tensor is another one than was announced, or a file cannot be written.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxFileBytes"/> is not positive.</exception>
    public static IReadOnlyList<string> WriteDirectory(
        string path,
        IEnumerable<TensorProducer> tensors,
        IReadOnlyDictionary<string, string>? metadata = null,
        long maxFileBytes = DefaultMaxFileBytes)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return WriteFolder(path, folder => TensorEntry.List(folder, tensors, metadata), metadata, maxFileBytes);
    }

    private static void WriteFile(string path, Func<string, List<TensorEntry>> list, IReadOnlyDictionary<string, string>? metadata)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path);
        if (Path.GetFileName(full).Length == 0 || Directory.Exists(full))
        {
            throw new CheckpointException(full, "this is a folder, not a file.");
        }

        List<TensorEntry> entries = list(full);
        Guard(full, () => PendingFile.RemoveAbandoned(Path.GetDirectoryName(full)!, name => name == Path.GetFileName(full)));
        using IDisposable noGrad = torch.no_grad();
        using PendingFile file = new SafetensorsLayout(full, entries, metadata).Write();
        Guard(full, file.Commit);
    }

    private static IReadOnlyList<string> WriteFolder(
        string path, Func<string, List<TensorEntry>> list, IReadOnlyDictionary<string, string>? metadata, long maxFileBytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxFileBytes);
        string folder = Path.GetFullPath(path);

        // Before the folder is made: a list that cannot be written leaves none.
        List<TensorEntry> entries = list(folder);
        List<List<TensorEntry>> parts = Deal(entries, maxFileBytes);
        Guard(folder, () => Directory.CreateDirectory(folder));
        using FolderLock taken = FolderLock.Take(folder);
        Guard(folder, () => PendingFile.RemoveAbandoned(folder, FolderReplacement.IsOurs));

        FolderReplacement replacement = new(folder, parts.Count);
        IReadOnlyList<string> names = replacement.Names;
        List<PendingFile> files = [];
        using IDisposable noGrad = torch.no_grad();
        try
        {
            // Every header is checked before any data is written.
            SafetensorsLayout[] layouts = [.. parts.Select((part, i) => new SafetensorsLayout(Path.Combine(folder, names[i]), part, metadata))];
            foreach (SafetensorsLayout layout in layouts)
            {
                files.Add(layout.Write());
            }

            if (replacement.HasIndex)
            {
                Guard(folder, () => files.Add(WriteIndex(folder, names, parts)));
            }

            Guard(folder, () => replacement.Commit(files));
            return names;
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
    }

    private static List<List<TensorEntry>> Deal(List<TensorEntry> entries, long maxFileBytes)
    {
        List<List<TensorEntry>> parts = [[]];
        long room = maxFileBytes;
        foreach (TensorEntry entry in entries)
        {
            if (entry.Length > room && parts[^1].Count > 0)
            {
                parts.Add([]);
                room = maxFileBytes;
            }

            parts[^1].Add(entry);
            room -= entry.Length;
        }

        return parts;
    }

    private static PendingFile WriteIndex(string folder, IReadOnlyList<string> names, List<List<TensorEntry>> parts)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartObject("metadata");
            json.WriteNumber("total_size", parts.Sum(part => part.Sum(entry => entry.Length)));
            json.WriteEndObject();
            json.WriteStartObject("weight_map");
            foreach ((TensorEntry entry, string name) in parts.SelectMany((part, i) => part.Select(entry => (entry, names[i])))
                .OrderBy(pair => pair.entry.Name, StringComparer.Ordinal))
            {
                json.WriteString(entry.Name, name);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        PendingFile file = new(Path.Combine(folder, SafetensorsIndex.FileName), buffer.Length);
        try
        {
            file.Append(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
            file.Finish();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void Guard(string path, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (CheckpointFile.IsInputOutput(e))
        {
            throw new CheckpointException(path, e.Message, e);
        }
    }
}
