using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security;
using Microsoft.Win32.SafeHandles;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Checkpoints;

/// <summary>One open file: its header, its handle, and its mappings, one for each element type asked for.</summary>
internal sealed class CheckpointFile : IDisposable
{
    // Tensor.bytes is a span, which cannot be longer than an int counts.
    private const int CopyBytes = 1 << 26;

    // Longer than any system's clock stands still: two writes within one tick have the same time.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(16);

    private readonly string _path;
    private readonly SafeFileHandle _handle;
    private readonly long _length;
    private readonly DateTime _written;
    private readonly Lock _gate = new();

    // TorchSharp has no view of a tensor as another type; set_ would make one, but does not reliably check its bounds.
    private readonly Dictionary<CheckpointType, Tensor> _mappings = [];
    private bool _disposed;

    // Whether a write that came after it was opened may have the same time as the last one before.
    private volatile bool _isFresh;

    private CheckpointFile(string path, string name, SafeFileHandle handle)
    {
        _path = path;
        Name = name;
        _handle = handle;
        DateTime now = DateTime.UtcNow;
        _length = RandomAccess.GetLength(handle);
        _written = File.GetLastWriteTimeUtc(handle);
        _isFresh = (now - _written).Duration() < Tick;
        Header = ReadHeader();
    }

    /// <summary>The folder that it lies in.</summary>
    public string Folder => Path.GetDirectoryName(_path) ?? _path;

    /// <summary>What the checkpoint calls the file.</summary>
    public string Name { get; }

    /// <summary>What the file holds.</summary>
    public CheckpointHeader Header { get; }

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="name">What the checkpoint calls it.</param>
    /// <exception cref="CheckpointException">The file cannot be read or breaks a rule of the format.</exception>
    public static CheckpointFile Open(string path, string name)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = OpenHandle(path);
            CheckpointFile file = new(path, name, handle);
            handle = null;
            return file;
        }
        catch (Exception e) when (IsInputOutput(e))
        {
            throw new CheckpointException(path, FolderLinks.Problem(path) ?? (e is FileNotFoundException or DirectoryNotFoundException ? "there is neither a file nor a folder of that name." : e.Message), e);
        }
        finally
        {
            handle?.Dispose();
        }
    }

    /// <summary>Whether an exception is what the file system throws when it cannot do what it is asked.</summary>
    public static bool IsInputOutput(Exception e) =>
        e is IOException or UnauthorizedAccessException or SecurityException or NotSupportedException;

    /// <summary>The tensor over the mapped file, or a copy where its bytes do not begin at a multiple of the element size.</summary>
    public Tensor View(CheckpointTensor tensor)
    {
        CheckViewable(tensor);
        long[] shape = ImmutableCollectionsMarshal.AsArray(tensor.Shape)!;
        try
        {
            if (tensor.Length == 0)
            {
                return torch.empty(shape, dtype: tensor.DType.ToScalarType(), device: CPU);
            }

            int size = tensor.DType.Size();
            if (tensor.Offset % size != 0)
            {
                Tensor copy = Copy(tensor, shape);
                try
                {
                    CheckUnchanged();
                    return copy;
                }
                catch
                {
                    copy.Dispose();
                    throw;
                }
            }

            // Under the lock, so that the mapping is not disposed between being found and being viewed.
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_disposed, typeof(Checkpoint));
                using Tensor flat = Map(tensor.DType).narrow(0, tensor.Offset / size, tensor.Length / size);
                return flat.view(shape);
            }
        }
        catch (ExternalException e)
        {
            throw new CheckpointException(_path, $"tensor {JsonCursor.Quote(tensor.Name)}: {e.Message}", e);
        }
    }

    /// <summary>A mapping of the whole file that nobody else has; the caller's to dispose. It stays valid after the file is closed.</summary>
    /// <param name="type">The type of its elements.</param>
    public Tensor MapAlone(CheckpointType type)
    {
        try
        {
            // Without the lock, for nobody else has this mapping; OfOpenFile keeps the handle open meanwhile.
            ObjectDisposedException.ThrowIf(_disposed, typeof(Checkpoint));
            return NewMapping(type);
        }
        catch (ExternalException e)
        {
            throw new CheckpointException(_path, e.Message, e);
        }
    }

    /// <summary>A copy of the tensor in memory of its own, for the caller to dispose.</summary>
    public Tensor ReadTensor(CheckpointTensor tensor)
    {
        CheckViewable(tensor);
        return Copy(tensor, ImmutableCollectionsMarshal.AsArray(tensor.Shape)!);
    }

    /// <summary>Fills a contiguous CPU tensor from the file.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="offset">Where to begin, in bytes from the beginning of the file.</param>
    /// <param name="size">The bytes of an element.</param>
    public void Fill(Tensor tensor, long offset, int size)
    {
        long count = tensor.numel();
        int step = CopyBytes / size;
        using Tensor flat = tensor.view(-1);
        for (long at = 0; at < count; at += step)
        {
            using Tensor part = flat.narrow(0, at, Math.Min(step, count - at));
            Read(offset + at * size, part.bytes);
        }
    }

    /// <summary>
    /// Sees to it that from now on every write shows in the file's time: where it was written just before it was opened, waits until the clock
    /// has gone on, and looks at the header once more.
    /// </summary>
    /// <exception cref="CheckpointException">It was written to.</exception>
    public void AwaitTick()
    {
        if (!_isFresh)
        {
            return;
        }

        while (_written + Tick - DateTime.UtcNow is { Ticks: > 0 } left && left <= 2 * Tick)
        {
            Thread.Sleep(left);
        }

        CheckUnchanged();
        if (!ReadHeader().Same(Header))
        {
            throw new CheckpointException(_path, "the file has changed since it was opened: its header is another one. Open it again when whoever writes it is done.");
        }

        _isFresh = false;
    }

    /// <summary>
    /// Refuses the file where its length or the time of its last change is another one than when it was opened: what was read since then may be
    /// of neither. Another file that took its name is none of its business, and what changed neither cannot be seen.
    /// </summary>
    /// <exception cref="CheckpointException">It was written to.</exception>
    public void CheckUnchanged()
    {
        try
        {
            Compare(_handle);
        }
        catch (Exception e) when (IsInputOutput(e))
        {
            throw new CheckpointException(_path, e.Message, e);
        }
    }

    /// <summary>Fills a span from the file.</summary>
    /// <param name="offset">Where to begin, in bytes from the beginning of the file.</param>
    /// <param name="destination">Filled entirely.</param>
    public void Read(long offset, Span<byte> destination)
    {
        try
        {
            while (!destination.IsEmpty)
            {
                // It may be less than was asked for: Linux reads 2 GiB less a page at most in one call.
                int read = RandomAccess.Read(_handle, destination, offset);
                if (read == 0)
                {
                    throw new CheckpointException(_path, $"byte {offset}: the file ends here, it was {_length} bytes long when it was opened.");
                }

                offset += read;
                destination = destination[read..];
            }
        }
        catch (Exception e) when (IsInputOutput(e))
        {
            throw new CheckpointException(_path, $"byte {offset}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (Tensor mapping in _mappings.Values)
            {
                mapping.Dispose();
            }

            _mappings.Clear();
        }

        _handle.Dispose();
    }

    private static SafeFileHandle OpenHandle(string path) =>
        // Delete is shared: on Windows a file that is open could not even be replaced by renaming otherwise.
        File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);

    private CheckpointHeader ReadHeader()
    {
        byte[] beginning = Beginning(GgufHeader.MagicLength);
        return !GgufHeader.IsOne(_path, beginning) ? ReadSafetensors()
            : GgufHeader.HasMagic(beginning) ? GgufHeader.Read(new GgufCursor(_path, _length, Read), Name)
            : throw Refused("the file must begin with the letters GGUF.");
    }

    /// <summary>What is wrong with the file, or what it is in place of a checkpoint.</summary>
    private CheckpointException Refused(string problem) => new(_path, ForeignFile.Of(Beginning(ForeignFile.Beginning), _length) ?? problem);

    private byte[] Beginning(int length)
    {
        byte[] bytes = new byte[Math.Min(_length, length)];
        Read(0, bytes);
        return bytes;
    }

    private CheckpointHeader ReadSafetensors()
    {
        if (_length < SafetensorsHeader.PrefixLength)
        {
            throw Refused($"the file has {_length} bytes, too few for the length of a header.");
        }

        Span<byte> prefix = stackalloc byte[SafetensorsHeader.PrefixLength];
        Read(0, prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);

        // Before any memory is asked for: the length is whatever the first eight bytes say.
        if (length > SafetensorsHeader.MaxLength)
        {
            throw Refused($"byte 0: a header of {length} bytes is larger than the {SafetensorsHeader.MaxLength} allowed.");
        }

        if ((long)length > _length - SafetensorsHeader.PrefixLength)
        {
            throw Refused($"byte 0: a header of {length} bytes does not fit the file, which has {_length}: was it cut short?");
        }

        byte[] json = GC.AllocateUninitializedArray<byte>((int)length);
        Read(SafetensorsHeader.PrefixLength, json);
        if (!json.AsSpan().StartsWith("{"u8))
        {
            throw Refused($"byte {SafetensorsHeader.PrefixLength}: the header must begin with {{.");
        }

        return SafetensorsHeader.Parse(_path, Name, json, _length);
    }

    private Tensor Map(CheckpointType type)
    {
        if (!_mappings.TryGetValue(type, out Tensor? mapping))
        {
            _mappings.Add(type, mapping = NewMapping(type));
        }

        return mapping;
    }

    private Tensor NewMapping(CheckpointType type)
    {
        CheckUnchanged();
        if (OpenPath() is null)
        {
            CheckPath();
        }

        // Whoever asks first, a mapping serves everyone: it belongs to no dispose scope and to no inference mode.
        using (torch.inference_mode(false))
        {
            // Not shared: libtorch would write what is written to views into the file, and lengthen a file that is too short.
            return OfOpenFile(path => torch.from_file(path, shared: false, size: _length / type.Size(), dtype: type.ToScalarType()).DetachFromDisposeScope());
        }
    }

    // Under the path there may be another file by now, of the same size and time: on Linux the open one has a path of its own.
    private Tensor OfOpenFile(Func<string, Tensor> map)
    {
        bool held = false;
        try
        {
            _handle.DangerousAddRef(ref held);
            return map(OpenPath() ?? _path);
        }
        finally
        {
            if (held)
            {
                _handle.DangerousRelease();
            }
        }
    }

    /// <summary>A path of the open file, whatever lies under its name by now; null where the system has none.</summary>
    private string? OpenPath()
    {
        string open = $"/proc/self/fd/{_handle.DangerousGetHandle()}";
        return OperatingSystem.IsLinux() && File.Exists(open) ? open : null;
    }

    // Without a path of the open file the mapping opens the name again, and may find another file there than the one whose header was read.
    private void CheckPath()
    {
        try
        {
            using SafeFileHandle handle = OpenHandle(_path);
            Compare(handle);
        }
        catch (Exception e) when (IsInputOutput(e))
        {
            throw new CheckpointException(_path, e.Message, e);
        }
    }

    private void Compare(SafeFileHandle handle)
    {
        long length = RandomAccess.GetLength(handle);
        DateTime written = File.GetLastWriteTimeUtc(handle);
        if (length != _length || written != _written)
        {
            throw new CheckpointException(_path, $"the file has changed since it was opened: it had {_length} bytes and was written at {_written:O}; now it has {length}, written at {written:O}. Open it again when whoever writes it is done.");
        }
    }

    private void CheckViewable(CheckpointTensor tensor)
    {
        if (!tensor.DType.IsViewable())
        {
            string elements = tensor.DType.IsBlocks() ? $"{tensor.DType.BlockElements()} elements in {tensor.DType.BlockBytes()} bytes" : "complex numbers";
            throw new CheckpointException(_path, $"tensor {JsonCursor.Quote(tensor.Name)}: {tensor.DType.Text()} is {elements}, of which there is no view; their bytes can be read.");
        }
    }

    private Tensor Copy(CheckpointTensor tensor, long[] shape)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(Checkpoint));
        Tensor copy = torch.empty(shape, dtype: tensor.DType.ToScalarType(), device: CPU);
        try
        {
            Fill(copy, tensor.Offset, tensor.DType.Size());
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }
}
