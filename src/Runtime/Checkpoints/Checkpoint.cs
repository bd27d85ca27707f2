using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lanyard.Names;
using IOPath = System.IO.Path;
using static TorchSharp.torch;

namespace Lanyard.Checkpoints;

/// <summary>
/// A checkpoint in the safetensors format, one file or a folder of files with an index; or in the GGUF format, one file or several that
/// are numbered. Opening reads headers only, and checks every rule of the format. All members may be used from several threads.
/// </summary>
/// <remarks>
/// The sources of the rules are the published page "safetensors format" and the GGUF specification. Where readers differ, this one is
/// strict: names that come twice are refused, and so are headers that do not begin with an opening brace, and axes of 2^63 and more; of
/// GGUF, tensors that share bytes, arrays nested more than four deep and big-endian files.
/// <para>
/// An index can name files of its own folder only. Whether those are symbolic links, as in the cache of a model hub, is the
/// business of whoever laid out the folder: links are followed.
/// </para>
/// </remarks>
public sealed class Checkpoint : IDisposable
{
    /// <summary>How keys of metadata begin that say what a checkpoint's tensors are to a model.</summary>
    internal const string ReservedKeys = "lanyard.";

    private readonly CheckpointFiles _files;
    private readonly Dictionary<string, CheckpointTensor> _tensors;
    private readonly ConcurrentDictionary<string, bool> _configured = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ImmutableArray<QuantisationConfig>> _configs = new(StringComparer.Ordinal);
    private bool _disposed;

    private Checkpoint(string path, CheckpointFiles files)
    {
        Path = path;
        _files = files;
        _tensors = files.Table.Tensors;
        Files = [.. files.Opened.Keys];
        PassedOver = files.Table.PassedOver;
        TotalBytes = _tensors.Values.Sum(tensor => tensor.Length);

        Metadata = files.Opened.Values.SelectMany(file => file.Header.Metadata)
            .GroupBy(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal)
            .Where(values => values.Distinct(StringComparer.Ordinal).Count() == 1)
            .ToDictionary(values => values.Key, values => values.First(), StringComparer.Ordinal);
        Contradicted = [.. files.Opened.Values.SelectMany(file => file.Header.Metadata.Keys).Where(key => !Metadata.ContainsKey(key)).Distinct().Order(StringComparer.Ordinal)];
        TypedMetadata = files.Opened.Values.SelectMany(file => file.Header.TypedMetadata)
            .GroupBy(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal)
            .Where(values => values.All(values.First().Same))
            .ToDictionary(values => values.Key, values => values.First(), StringComparer.Ordinal);
    }

    /// <summary>The folders that the files lie in.</summary>
    internal ImmutableArray<string> Folders => [.. _files.Opened.Values.Select(file => file.Folder).Distinct(StringComparer.Ordinal)];

    /// <summary>The keys of the metadata of which the files say different things.</summary>
    internal ImmutableArray<string> Contradicted { get; }

    /// <summary>The tensors by name; names are compared ordinally.</summary>
    public IReadOnlyDictionary<string, CheckpointTensor> Tensors => _tensors;

    /// <summary>The full path of the file or folder.</summary>
    public string Path { get; }

    /// <summary>The names of the files, in ordinal order: without folder, or, where files of two folders have one name, the full paths.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The tensors of the files that the checkpoint does not have, since the index does not name them there.</summary>
    public IReadOnlyList<CheckpointTensor> PassedOver { get; }

    /// <summary>
    /// The names of the files of tensors in the folder that was opened which the checkpoint does not have: its index, or the name of its only file,
    /// says which ones it has. Empty where files were opened by their own names.
    /// </summary>
    public IReadOnlyList<string> OtherFiles { get; private init; } = [];

    /// <summary>The <c>__metadata__</c> of the file, or of all files together; keys on which files differ are left out. Empty of GGUF.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The metadata of a GGUF file, or of all its files together; keys on which files differ are left out. Empty of safetensors.</summary>
    public IReadOnlyDictionary<string, MetadataValue> TypedMetadata { get; }

    /// <summary>The size of all tensors, in bytes.</summary>
    public long TotalBytes { get; }

    /// <summary>
    /// Opens a checkpoint. In a folder, an index <c>model.safetensors.index.json</c> comes first, then a single <c>model.safetensors</c>. Where
    /// there is neither, the folder must have the files of one checkpoint: another index, numbered files, all of them, what the ranks
    /// of a distributed checkpoint wrote, one file of any name, or GGUF; or it is a folder in the cache layout of a hub, with
    /// <c>refs/main</c> and <c>snapshots</c>, and stands for the snapshot that is named there.
    /// </summary>
    /// <remarks>
    /// An index says of each tensor which file has it. What else is in those files is passed over, another tensor of a name that is read
    /// elsewhere, too.
    /// </remarks>
    /// <param name="path">A file of any name, an index, or a folder. Of GGUF in several files, any of them stands for all.</param>
    /// <param name="options">How strictly.</param>
    /// <returns>The open checkpoint, for the caller to dispose.</returns>
    /// <exception cref="CheckpointException">
    /// Something is missing, cannot be read or breaks a rule of the format, or the index and the files contradict each other; or a folder
    /// has several checkpoints. All of it is reported at once, as far as it can be found.
    /// </exception>
    public static Checkpoint Open(string path, CheckpointOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        string full = FullPath(path);
        bool isFolder = Directory.Exists(full);
        string[] files = isFolder ? CheckpointFolder.Find(full) : [full];
        CheckpointFiles opened = files.Length > 1 ? OpenAll(full, files)
            : CheckpointFolder.IsIndex(files[0]) ? OpenIndex(files[0], options?.StrictIndex ?? false)
            : OpenFile(files[0]);
        return new Checkpoint(full, opened) { OtherFiles = isFolder ? CheckpointFolder.Others(IOPath.GetDirectoryName(files[0])!, opened.Opened.Keys) : [] };
    }

    /// <summary>Opens files as one checkpoint, without an index: each tensor is in one of them, or in pieces in several.</summary>
    /// <param name="files">The files, of any names and folders.</param>
    /// <returns>The open checkpoint, for the caller to dispose.</returns>
    /// <exception cref="CheckpointException">A file is missing, cannot be read or breaks a rule of the format, or two have tensors of one name. All of it is reported at once.</exception>
    /// <exception cref="ArgumentException">No file is given.</exception>
    public static Checkpoint Open(IEnumerable<string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        string[] paths = [.. files.Select(file => FullPath(file ?? throw new ArgumentException("A file is null.", nameof(files))))];
        if (paths.Length == 0)
        {
            throw new ArgumentException("There is no file to open.", nameof(files));
        }

        string folder = IOPath.GetDirectoryName(paths[0]) ?? paths[0];
        return paths.GroupBy(path => path, StringComparer.Ordinal).Where(path => path.Skip(1).Any()).Select(path => path.Key).ToList() is { Count: > 0 } twice
            ? throw new CheckpointException(folder, [.. twice.Select(path => $"{path} is listed twice.")])
            : new Checkpoint(folder, OpenAll(folder, paths));
    }

    /// <summary>
    /// A tensor over the memory-mapped file: its bytes are read when they are first touched, and not copied. It is meant to be
    /// read; what is written to it never reaches the file, but is seen by other views. It stays valid after the checkpoint is
    /// disposed. The file must not be cut short as long as there are views, which would end the process; replacing it by renaming another
    /// one over it is safe. <see cref="Read(CheckpointTensor)"/> gives a tensor that no file can touch.
    /// </summary>
    /// <remarks>
    /// Where the bytes do not begin at a multiple of the element size, which the format allows, there can be no view: the result
    /// is then a copy, and so it is of a tensor in pieces.
    /// </remarks>
    /// <param name="tensor">A tensor of this checkpoint.</param>
    /// <returns>A contiguous CPU tensor of the tensor's element type and shape, for the caller to dispose.</returns>
    /// <exception cref="CheckpointException">The file has changed since it was opened, or cannot be mapped or read; or there is no view of elements of the type: <see cref="CheckpointTypes.IsViewable"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="tensor"/> is not a tensor of this checkpoint.</exception>
    /// <exception cref="ObjectDisposedException">The checkpoint has been disposed.</exception>
    public Tensor View(CheckpointTensor tensor)
    {
        CheckpointFile file = FileOf(tensor);
        Tensor view = tensor.Pieces.IsEmpty || !tensor.DType.IsViewable() ? file.View(tensor) : PiecedTensor.View(tensor, View);
        ViewOrigin.Remember(view, this, tensor);
        return view;
    }

    /// <summary>What the file that holds a tensor says in its <c>__metadata__</c>, whatever others say.</summary>
    internal IReadOnlyDictionary<string, string> MetadataOf(CheckpointTensor tensor) => _files.Opened[tensor.File].Header.Metadata;

    /// <summary>Whether anything lies beside the file that holds a tensor which may say how it is quantised.</summary>
    internal bool IsConfigured(CheckpointTensor tensor) => _configured.GetOrAdd(_files.Opened[tensor.File].Folder, QuantisationConfig.IsIn);

    /// <summary>What lies beside the file that holds a tensor, and the file itself, say of how it is quantised.</summary>
    /// <exception cref="CheckpointException">A configuration cannot be read.</exception>
    internal ImmutableArray<QuantisationConfig> QuantisationOf(CheckpointTensor tensor)
    {
        ImmutableArray<QuantisationConfig> beside = _configs.GetOrAdd(_files.Opened[tensor.File].Folder, QuantisationConfig.In);
        return QuantisationConfig.Of(tensor.File, MetadataOf(tensor)) is QuantisationConfig own ? beside.Add(own) : beside;
    }

    /// <summary>The tensor of a name, as <see cref="View"/> gives it: over the mapped file, for the caller to dispose.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="KeyNotFoundException">There is no tensor of that name; the message has the nearest that there is.</exception>
    /// <exception cref="CheckpointException">As <see cref="View"/>.</exception>
    /// <exception cref="ObjectDisposedException">The checkpoint has been disposed.</exception>
    public Tensor this[string name]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(name);
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _tensors.TryGetValue(name, out CheckpointTensor? tensor) ? View(tensor)
                : throw new KeyNotFoundException($"{Path} has no tensor {JsonCursor.Quote(name)} among its {_tensors.Count}{(NameMatches.Nearest(name, _tensors.Keys) is string nearest ? $"; did you mean {JsonCursor.Quote(nearest)}?" : ".")}");
        }
    }

    /// <summary>All tensors with their names, each as <see cref="View"/> gives it when its turn comes, for the caller to dispose: <c>foreach (var (name, view) in checkpoint)</c>.</summary>
    /// <exception cref="CheckpointException">As <see cref="View"/>.</exception>
    /// <exception cref="ObjectDisposedException">The checkpoint has been disposed.</exception>
    public IEnumerator<(string Name, Tensor View)> GetEnumerator()
    {
        foreach (CheckpointTensor tensor in _tensors.Values) yield return (tensor.Name, View(tensor));
    }

    /// <summary>As <see cref="View"/>, but where there is none, as of blocks, it is their bytes, one after another.</summary>
    internal Tensor ViewStored(CheckpointTensor tensor) =>
        tensor.DType.IsViewable() ? View(tensor) : FileOf(tensor).View(tensor with { DType = CheckpointType.U8, Shape = [tensor.Length] });

    /// <summary>
    /// Reads a tensor into memory of its own. Whatever becomes of the file, the process lives: one that is cut short, or of which the length or the
    /// time of its last change is another one than when it was opened, is refused. A change that moves neither cannot be seen.
    /// </summary>
    /// <param name="tensor">A tensor of this checkpoint.</param>
    /// <returns>A contiguous CPU tensor of the tensor's element type and shape, for the caller to dispose.</returns>
    /// <exception cref="CheckpointException">The file has changed since it was opened, or cannot be read; or there is no tensor of elements of the type: <see cref="CheckpointTypes.IsViewable"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="tensor"/> is not a tensor of this checkpoint.</exception>
    /// <exception cref="ObjectDisposedException">The checkpoint has been disposed.</exception>
    public Tensor Read(CheckpointTensor tensor)
    {
        CheckpointFile file = FileOf(tensor);
        Tensor copy = tensor.Pieces.IsEmpty || !tensor.DType.IsViewable() ? file.ReadTensor(tensor) : PiecedTensor.View(tensor, Read);
        try
        {
            CheckUnchanged([tensor]);
        }
        catch
        {
            copy.Dispose();
            throw;
        }

        ViewOrigin.Remember(copy, this, tensor);
        return copy;
    }

    /// <summary>As <see cref="Read(CheckpointTensor)"/>, but where there are no such tensors, as of blocks, it is their bytes, one after another.</summary>
    internal Tensor ReadStored(CheckpointTensor tensor)
    {
        if (tensor.DType.IsViewable())
        {
            return Read(tensor);
        }

        Tensor bytes = empty(tensor.Length, dtype: ScalarType.Byte, device: CPU);
        try
        {
            FileOf(tensor).Fill(bytes, tensor.Offset, 1);
            CheckUnchanged([tensor]);
            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>Before the first of many reads: sees to it that every write from now on is seen by <see cref="CheckUnchanged"/>. Where a file was written just before it was opened that takes some milliseconds.</summary>
    /// <exception cref="CheckpointException">A file was written to since it was opened.</exception>
    /// <exception cref="ObjectDisposedException">The checkpoint has been disposed.</exception>
    internal void AwaitTick()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        foreach (CheckpointFile file in _files.Opened.Values)
        {
            file.AwaitTick();
        }
    }

    /// <summary>Refuses the files that hold tensors where they were written to since they were opened, as far as that can be seen.</summary>
    /// <param name="read">The tensors that were read.</param>
    /// <exception cref="CheckpointException">A file was written to.</exception>
    /// <exception cref="ObjectDisposedException">The checkpoint has been disposed.</exception>
    internal void CheckUnchanged(IEnumerable<CheckpointTensor> read)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        foreach (string file in read.SelectMany(static tensor => tensor.Pieces.IsEmpty ? [tensor] : tensor.Pieces.AsEnumerable()).Select(static tensor => tensor.File).Distinct(StringComparer.Ordinal))
        {
            _files.Opened[file].CheckUnchanged();
        }
    }

    /// <summary>Copies bytes of a tensor, as they are in the file: elements in row-major order, little-endian.</summary>
    /// <param name="tensor">A tensor of this checkpoint.</param>
    /// <param name="byteOffset">Where to begin, in bytes from the tensor's beginning.</param>
    /// <param name="destination">Filled entirely.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bytes asked for are not all within the tensor.</exception>
    /// <exception cref="CheckpointException">The file has changed since it was opened, or cannot be read.</exception>
    /// <exception cref="ArgumentException"><paramref name="tensor"/> is not a tensor of this checkpoint.</exception>
    /// <exception cref="ObjectDisposedException">The checkpoint has been disposed.</exception>
    public void Read(CheckpointTensor tensor, long byteOffset, Span<byte> destination)
    {
        ReadBytes(tensor, byteOffset, destination);
        CheckUnchanged([tensor]);
    }

    /// <summary>As <see cref="Read(CheckpointTensor, long, Span{byte})"/>, without the look at the file afterwards: <see cref="CheckUnchanged"/> has to follow the last read.</summary>
    internal void ReadBytes(CheckpointTensor tensor, long byteOffset, Span<byte> destination)
    {
        CheckpointFile file = FileOf(tensor);
        ArgumentOutOfRangeException.ThrowIfNegative(byteOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteOffset, tensor.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, tensor.Length - byteOffset, nameof(destination));
        if (tensor.Pieces.IsEmpty)
        {
            file.Read(tensor.Offset + byteOffset, destination);
        }
        else if (tensor.DType.IsBlocks())
        {
            throw new CheckpointException(Path, $"tensor {JsonCursor.Quote(tensor.Name)}: elements of {tensor.DType.Text()} share bytes, which are not put together from pieces; those of {nameof(CheckpointTensor.Pieces)} can be read.");
        }
        else
        {
            PiecedTensor.Read(tensor, byteOffset, destination, ReadBytes);
        }
    }

    /// <summary>Copies bytes of a file from the beginning of a tensor on, as far as others that lie after it. <see cref="CheckUnchanged"/> has to follow the last read.</summary>
    internal void ReadFrom(CheckpointTensor tensor, Span<byte> destination) => FileOf(tensor).Read(tensor.Offset, destination);

    /// <summary>The whole file that holds a tensor, mapped by itself: nobody else sees what is written to it. For the caller to dispose.</summary>
    /// <param name="tensor">A tensor of this checkpoint.</param>
    /// <param name="type">The type of the mapping's elements.</param>
    internal Tensor Map(CheckpointTensor tensor, CheckpointType type) => FileOf(tensor).MapAlone(type);

    /// <summary>Closes the files. Views stay valid.</summary>
    public void Dispose()
    {
        _disposed = true;
        _files.Dispose();
    }

    // One file, or one of several that are numbered.
    private static CheckpointFiles OpenFile(string file)
    {
        string[] names = GgufSplit.Names(IOPath.GetFileName(file));
        string folder = IOPath.GetDirectoryName(file) ?? file;
        return CheckpointFiles.Open(file, [.. names.Select(name => (name, names.Length == 1 ? file : IOPath.Combine(folder, name)))], TensorTable.Of, files => GgufSplit.Problems(files, names));
    }

    private static CheckpointFiles OpenIndex(string index, bool strict)
    {
        Dictionary<string, string> map = SafetensorsIndex.Read(index);
        string folder = IOPath.GetDirectoryName(index)!;
        return CheckpointFiles.Open(
            index,
            [.. map.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(name => (name, IOPath.Combine(folder, name)))],
            files => TensorTable.Of(files, map, strict));
    }

    private static CheckpointFiles OpenAll(string blamed, string[] paths)
    {
        bool isTold = paths.Select(path => IOPath.GetFileName(path)).Distinct(StringComparer.Ordinal).Count() == paths.Length;
        return CheckpointFiles.Open(blamed, [.. paths.Select(path => (isTold ? IOPath.GetFileName(path) : path, path))], TensorTable.Of, GgufSplit.Problems);
    }

    private static string FullPath(string path)
    {
        try
        {
            return IOPath.GetFullPath(path);
        }
        catch (Exception e) when (e is ArgumentException || CheckpointFile.IsInputOutput(e))
        {
            throw new CheckpointException(path, e.Message, e);
        }
    }

    private CheckpointFile FileOf(CheckpointTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ObjectDisposedException.ThrowIf(_disposed, this);

        // By all that is said of it: a tensor of another checkpoint may have the name, and other bytes lie at its place here.
        CheckpointTensor known = tensor.Place?.Of ?? tensor;
        return _tensors.TryGetValue(known.Name, out CheckpointTensor? own) && (own.Equals(known) || own.Pieces.Contains(known))
            ? _files.Opened[tensor.File]
            : throw new ArgumentException($"{tensor} at {tensor.Offset} of {tensor.File} is not a tensor of {Path}.", nameof(tensor));
    }
}
