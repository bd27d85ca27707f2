using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using static TorchSharp.torch;

namespace Lanyard.Checkpoints;

/// <summary>
/// How one file will be laid out: as by the reference implementation, widest elements first and names in order among the same
/// element type, so that every tensor begins at a multiple of its element size.
/// </summary>
internal sealed class SafetensorsLayout
{
    private readonly string _path;
    private readonly TensorEntry[] _entries;
    private readonly byte[] _header;

    /// <summary>Lays a file out.</summary>
    /// <param name="path">The full path of the file.</param>
    /// <param name="entries">Its tensors, in any order.</param>
    /// <param name="metadata">Its <c>__metadata__</c>, if it is to have one.</param>
    /// <exception cref="CheckpointException">The header would be larger than the format allows.</exception>
    public SafetensorsLayout(string path, IEnumerable<TensorEntry> entries, IReadOnlyDictionary<string, string>? metadata)
    {
        _path = path;
        _entries = [.. entries];

        // By the bytes of UTF-8, as Rust compares texts: UTF-16 has what is beyond U+FFFF before U+E000. No name comes twice, so that
        // a sort which is not stable does.
        Array.Sort(_entries, static (a, b) => a.Type != b.Type ? b.Type.CompareTo(a.Type) : a.Key.AsSpan().SequenceCompareTo(b.Key));
        _header = Header(metadata);
        Length = _header.Length + _entries.Sum(entry => entry.Length);
    }

    /// <summary>The size of the file in bytes.</summary>
    public long Length { get; }

    /// <summary>Writes the file whole, but does not give it its name yet.</summary>
    /// <returns>The file, for the caller to commit and to dispose.</returns>
    /// <exception cref="CheckpointException">A tensor cannot be read, or the file cannot be written.</exception>
    public PendingFile Write()
    {
        PendingFile? file = null;
        try
        {
            file = new PendingFile(_path, Length);
            file.Append(_header);
            foreach (TensorEntry entry in _entries)
            {
                Append(entry, file);
            }

            file.Finish();
            PendingFile finished = file;
            file = null;
            return finished;
        }
        catch (Exception e) when (CheckpointFile.IsInputOutput(e))
        {
            throw new CheckpointException(_path, e.Message, e);
        }
        finally
        {
            file?.Dispose();
        }
    }

    private void Append(TensorEntry entry, PendingFile file)
    {
        long end = file.Position + entry.Length;

        // What a producer throws is its own, and goes through as it is.
        Tensor value = entry.Make();
        try
        {
            entry.AppendTo(value, file);
        }
        catch (Exception e) when (e is ExternalException or InvalidOperationException)
        {
            throw new CheckpointException(_path, $"tensor {JsonCursor.Quote(entry.Name)}: {e.Message}", e);
        }
        finally
        {
            if (entry.Owned)
            {
                value?.Dispose();
            }
        }

        if (file.Position != end)
        {
            throw new CheckpointException(_path, $"tensor {JsonCursor.Quote(entry.Name)} changed while it was written.");
        }
    }

    private byte[] Header(IReadOnlyDictionary<string, string>? metadata)
    {
        ArrayBufferWriter<byte> buffer = new();
        buffer.GetSpan(SafetensorsHeader.PrefixLength)[..SafetensorsHeader.PrefixLength].Clear();
        buffer.Advance(SafetensorsHeader.PrefixLength);

        // Texts as they are, as the reference implementation writes them: the default encoder escapes all that is not ASCII, and more.
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject(SafetensorsHeader.MetadataKey);

                // In order, so that equal checkpoints are equal files.
                foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long at = 0;
            foreach (TensorEntry entry in _entries)
            {
                json.WriteStartObject(entry.Key);
                json.WriteString("dtype", entry.Type.Text());
                json.WriteStartArray("shape");
                foreach (long size in entry.Shape)
                {
                    json.WriteNumberValue(size);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                json.WriteNumberValue(at += entry.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // With blanks, as the reference implementation does it. Only so do the data begin at a multiple of 8, and each tensor at one of
        // its element size.
        int padding = -buffer.WrittenCount & (SafetensorsHeader.PrefixLength - 1);
        buffer.GetSpan(SafetensorsHeader.PrefixLength)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        byte[] header = buffer.WrittenSpan.ToArray();
        int length = header.Length - SafetensorsHeader.PrefixLength;
        BinaryPrimitives.WriteInt64LittleEndian(header, length);
        return length <= SafetensorsHeader.MaxLength ? header : throw new CheckpointException(
            _path, $"the header would have {length} bytes, more than the {SafetensorsHeader.MaxLength} that the format allows.");
    }
}
