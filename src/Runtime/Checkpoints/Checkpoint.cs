using System.Collections.Immutable;
using IOPath = System.IO.Path;
using static TorchSharp.torch;

namespace Lanyard.Checkpoints;

/// <summary>
/// A checkpoint in the safetensors format, one file or a folder of files with an index; or in the GGUF format, one file or several that
/// are numbered. Opening reads headers only, and checks every rule of the format. All members may be used from several threads.
/// </summary>
/// <remarks>
/// The sources of the rules are the published page "safetensors format" and the GGUF specification. Where readers differ, this one is
/// strict: names that come twice are refused, and so are headers that do not begin with an opening brace, elements that are complex or
/// narrower than a byte, and axes of 2^63 and more; of GGUF, tensors that share bytes, arrays nested more than four deep and big-endian files.
/// <para>
/// An index can name files of its own folder only. Whether those are symbolic links, as in the cache of a model hub, is the
/// business of whoever laid out the folder: links are followed.
/// </para>
/// </remarks>
public sealed class Checkpoint : IDisposable
{
    private const int MaxMissing = 20;

    private readonly SortedDictionary<string, CheckpointFile> _files;
    private readonly Dictionary<string, CheckpointTensor> _tensors;
    private bool _disposed;

    private Checkpoint(string path, SortedDictionary<string, CheckpointFile> files)
    {
        Path = path;
        _files = files;
        Files = [.. files.Keys];

        // Of a single file the dictionary of its header, which nobody else changes: no copy of its thousands of entries.
        _tensors = files.Count == 1
            ? files.Values.First().Header.Tensors
            : files.Values.SelectMany(file => file.Header.Tensors).ToDictionary(StringComparer.Ordinal);
        TotalBytes = _tensors.Values.Sum(tensor => tensor.Length);

        Metadata = files.Values.SelectMany(file => file.Header.Metadata)
            .GroupBy(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal)
            .Where(values => values.Distinct(StringComparer.Ordinal).Count() == 1)
            .ToDictionary(values => values.Key, values => values.First(), StringComparer.Ordinal);
        Contradicted = [.. files.Values.SelectMany(file => file.Header.Metadata.Keys).Where(key => !Metadata.ContainsKey(key)).Distinct().Order(StringComparer.Ordinal)];
        TypedMetadata = files.Values.SelectMany(file => file.Header.TypedMetadata)
            .GroupBy(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal)
            .Where(values => values.All(values.First().Same))
            .ToDictionary(values => values.Key, values => values.First(), StringComparer.Ordinal);
    }

    /// <summary>The keys of the metadata of which the files say different things.</summary>
    internal ImmutableArray<string> Contradicted { get; }

    /// <summary>The tensors by name; names are compared ordinally.</summary>
    public IReadOnlyDictionary<string, CheckpointTensor> Tensors => _tensors;

    /// <summary>The full path of the file or folder.</summary>
    public string Path { get; }

    /// <summary>The names of the files, without folder, in ordinal order.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The <c>__metadata__</c> of the file, or of all files together; keys on which files differ are left out. Empty of GGUF.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The metadata of a GGUF file, or of all its files together; keys on which files differ are left out. Empty of safetensors.</summary>
    public IReadOnlyDictionary<string, MetadataValue> TypedMetadata { get; }

    /// <summary>The size of all tensors, in bytes.</summary>
    public long TotalBytes { get; }

    /// <summary>
    /// Opens a checkpoint. In a folder, an index <c>model.safetensors.index.json</c> comes before a single
    /// <c>model.safetensors</c>, and both before GGUF files, which must be of one checkpoint.
    /// </summary>
    /// <param name="path">A file of any name, or a folder. Of GGUF in several files, any of them stands for all.</param>
    /// <returns>The open checkpoint, for the caller to dispose.</returns>
    /// <exception cref="CheckpointException">
    /// Something is missing, cannot be read, breaks a rule of the format, or the index and the files do not name the same tensors.
    /// All of it is reported at once, as far as it can be found.
    /// </exception>
    public static Checkpoint Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string full;
        try
        {
            full = IOPath.GetFullPath(path);
        }
        catch (Exception e) when (e is ArgumentException || CheckpointFile.IsInputOutput(e))
        {
            throw new CheckpointException(path, e.Message, e);
        }

        if (!Directory.Exists(full))
        {
            return OpenFile(full, full);
        }

        string index = IOPath.Combine(full, SafetensorsIndex.FileName);
        string single = IOPath.Combine(full, SafetensorsIndex.SingleFileName);

        // The index first: FolderReplacement counts on it that readers look there first.
        return File.Exists(index) ? OpenIndex(full, index)
            : File.Exists(single) ? OpenFile(full, single)
            : OpenFile(full, OnlyGguf(full));
    }

    /// <summary>
    /// A tensor over the memory-mapped file: its bytes are read when they are first touched, and not copied. It is meant to be
    /// read; what is written to it never reaches the file, but is seen by other views. It stays valid after the checkpoint is
    /// disposed. The file must not be cut short as long as there are views; replacing it by renaming another one over it is safe.
    /// </summary>
    /// <remarks>
    /// Where the bytes do not begin at a multiple of the element size, which the format allows, there can be no view: the result
    /// is then a copy.
    /// </remarks>
    /// <param name="tensor">A tensor of this checkpoint.</param>
    /// <returns>A contiguous CPU tensor of the tensor's element type and shape, for the caller to dispose.</returns>
    /// <exception cref="CheckpointException">The file has changed since it was opened, or cannot be mapped or read; or elements come in blocks.</exception>
    /// <exception cref="ArgumentException"><paramref name="tensor"/> is not a tensor of this checkpoint.</exception>
    /// <exception cref="ObjectDisposedException">The checkpoint has been disposed.</exception>
    public Tensor View(CheckpointTensor tensor) => FileOf(tensor).View(tensor);

    /// <summary>As <see cref="View"/>, but where elements come in blocks it is their bytes, one after another.</summary>
    internal Tensor ViewStored(CheckpointTensor tensor) =>
        FileOf(tensor).View(tensor.DType.IsBlocks() ? tensor with { DType = CheckpointType.U8, Shape = [tensor.Length] } : tensor);

    /// <summary>Copies bytes of a tensor, as they are in the file: elements in row-major order, little-endian.</summary>
    /// <param name="tensor">A tensor of this checkpoint.</param>
    /// <param name="byteOffset">Where to begin, in bytes from the tensor's beginning.</param>
    /// <param name="destination">Filled entirely.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bytes asked for are not all within the tensor.</exception>
    /// <exception cref="CheckpointException">The file cannot be read, or has become shorter.</exception>
    /// <exception cref="ArgumentException"><paramref name="tensor"/> is not a tensor of this checkpoint.</exception>
    /// <exception cref="ObjectDisposedException">The checkpoint has been disposed.</exception>
    public void Read(CheckpointTensor tensor, long byteOffset, Span<byte> destination)
    {
        CheckpointFile file = FileOf(tensor);
        ArgumentOutOfRangeException.ThrowIfNegative(byteOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteOffset, tensor.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, tensor.Length - byteOffset, nameof(destination));
        file.Read(tensor.Offset + byteOffset, destination);
    }

    /// <summary>The whole file that holds a tensor, mapped by itself: nobody else sees what is written to it. For the caller to dispose.</summary>
    /// <param name="tensor">A tensor of this checkpoint.</param>
    /// <param name="type">The type of the mapping's elements.</param>
    internal Tensor Map(CheckpointTensor tensor, CheckpointType type) => FileOf(tensor).MapAlone(type);

    /// <summary>Closes the files. Views stay valid.</summary>
    public void Dispose()
    {
        _disposed = true;
        Close(_files);
    }

    // One file, or one of several that are numbered.
    private static Checkpoint OpenFile(string path, string file)
    {
        string[] names = GgufSplit.Names(IOPath.GetFileName(file));
        if (names.Length > 1)
        {
            return OpenFiles(path, file, IOPath.GetDirectoryName(file)!, names, files => GgufSplit.Problems(files, names));
        }

        CheckpointFile opened = CheckpointFile.Open(file);
        SortedDictionary<string, CheckpointFile> files = new(StringComparer.Ordinal) { [opened.Name] = opened };
        bool complete = false;
        try
        {
            List<string> problems = [.. GgufSplit.Problems(files, names)];
            complete = problems.Count == 0;
            return complete ? new Checkpoint(path, files) : throw new CheckpointException(file, problems);
        }
        finally
        {
            if (!complete)
            {
                Close(files);
            }
        }
    }

    private static Checkpoint OpenIndex(string folder, string index)
    {
        Dictionary<string, string> map = SafetensorsIndex.Read(index);
        return OpenFiles(folder, index, folder, map.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), files => Compare(map, files));
    }

    private static string OnlyGguf(string folder)
    {
        try
        {
            List<string> names = [.. Directory.EnumerateFiles(folder, "*" + GgufHeader.Extension).Select(file => IOPath.GetFileName(file)!).Order(StringComparer.Ordinal)];
            return names.Count == 0 ? throw new CheckpointException(folder, $"the folder has neither {SafetensorsIndex.FileName} nor {SafetensorsIndex.SingleFileName}, and no *{GgufHeader.Extension}.")
                : names.Except(GgufSplit.Names(names[0]), StringComparer.Ordinal).Any() ? throw new CheckpointException(folder, $"the folder has several checkpoints, {string.Join(", ", names.Take(10))}: open one of the files.")
                : IOPath.Combine(folder, names[0]);
        }
        catch (Exception e) when (CheckpointFile.IsInputOutput(e))
        {
            throw new CheckpointException(folder, e.Message, e);
        }
    }

    /// <summary>Opens several files.</summary>
    /// <param name="path">The checkpoint.</param>
    /// <param name="blamed">The file to name where something is wrong.</param>
    /// <param name="folder">Where the files are.</param>
    /// <param name="names">Their names.</param>
    /// <param name="compare">What is wrong with those together that could be opened.</param>
    private static Checkpoint OpenFiles(
        string path, string blamed, string folder, IEnumerable<string> names, Func<SortedDictionary<string, CheckpointFile>, IEnumerable<string>> compare)
    {
        SortedDictionary<string, CheckpointFile> files = new(StringComparer.Ordinal);
        List<string> problems = [];
        List<string> missing = [];
        bool complete = false;
        try
        {
            foreach (string name in names)
            {
                string file = IOPath.Combine(folder, name);
                if (!File.Exists(file))
                {
                    missing.Add(name);
                    continue;
                }

                try
                {
                    files.Add(name, CheckpointFile.Open(file));
                }
                catch (CheckpointException e)
                {
                    problems.AddRange(e.Problems.Select(problem => $"{name}: {problem}"));
                }
            }

            if (missing.Count > 0)
            {
                problems.Insert(0, $"files are missing: {string.Join(", ", missing.Take(MaxMissing))}{(missing.Count > MaxMissing ? $" and {missing.Count - MaxMissing} more" : "")}.");
            }

            problems.AddRange(compare(files));
            complete = problems.Count == 0;
            return complete ? new Checkpoint(path, files) : throw new CheckpointException(blamed, problems);
        }
        finally
        {
            if (!complete)
            {
                Close(files);
            }
        }
    }

    private static IEnumerable<string> Compare(Dictionary<string, string> map, SortedDictionary<string, CheckpointFile> files)
    {
        Dictionary<string, List<string>> holders = new(StringComparer.Ordinal);
        foreach ((string file, CheckpointFile opened) in files)
        {
            foreach (CheckpointTensor tensor in opened.Header.Tensors.Values)
            {
                if (!holders.TryGetValue(tensor.Name, out List<string>? list))
                {
                    holders.Add(tensor.Name, list = []);
                }

                list.Add(file);
            }
        }

        foreach ((string name, List<string> list) in holders.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            string? named = map.GetValueOrDefault(name);
            string held = string.Join(" and in ", list);
            if (named is null)
            {
                yield return $"tensor {JsonCursor.Quote(name)} is in {held}, but not in the index.";
            }
            else if (list.Count > 1)
            {
                yield return $"tensor {JsonCursor.Quote(name)} is in {held}.";
            }
            else if (list[0] != named)
            {
                yield return $"tensor {JsonCursor.Quote(name)} is in {held}, the index says {named}.";
            }
        }

        foreach ((string name, string file) in map.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (files.ContainsKey(file) && !holders.ContainsKey(name))
            {
                yield return $"tensor {JsonCursor.Quote(name)} is not in {file}, where the index says it is.";
            }
        }
    }

    private static void Close(SortedDictionary<string, CheckpointFile> files)
    {
        foreach (CheckpointFile file in files.Values)
        {
            file.Dispose();
        }
    }

    private CheckpointFile FileOf(CheckpointTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ObjectDisposedException.ThrowIf(_disposed, this);

        // By all that is said of it: a tensor of another checkpoint may have the name, and other bytes lie at its place here.
        return _tensors.TryGetValue(tensor.Name, out CheckpointTensor? own) && own.Equals(tensor)
            ? _files[own.File]
            : throw new ArgumentException($"{tensor} at {tensor.Offset} of {tensor.File} is not a tensor of {Path}.", nameof(tensor));
    }
}
