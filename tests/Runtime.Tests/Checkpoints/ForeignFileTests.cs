using System.IO.Compression;
using System.Text;
using Lanyard.Checkpoints;

namespace Lanyard.Tests.Checkpoints;

/// <summary>Files that are something else, under the name of a checkpoint: each is told by its first bytes.</summary>
public sealed class ForeignFileTests : IDisposable
{
    private const string Single = "model.safetensors";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 4976698672\n", "is a Git LFS pointer, which stands for the file of 4976698672 bytes and is not it: \"git lfs pull\" fetches")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "is a Git LFS pointer, which stands for the file and is not it")]
    [InlineData("<!DOCTYPE html>\n<html><title>Sign in</title></html>", "is a page in HTML, such as one to log in or of an error")]
    [InlineData("\n  <html lang=\"en\">", "is a page in HTML")]
    [InlineData("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", "is XML, such as a server answers in place of what was to be downloaded: \"<?xml version=")]
    [InlineData("{\"error\":\"Access to model is restricted\"}", "is JSON, which a configuration or an index is, or what a server answers in place of what was to be downloaded: \"{\\u0022error")]
    [InlineData("Entry not found", "is text, in place of what it should be: \"Entry not found\"")]
    [InlineData("Not Found", "is text, in place of what it should be: \"Not Found\"")]
    [InlineData("\f\f\v\f\f\f\f\f\f", "")]
    [InlineData("", "is empty: was the download completed?")]
    public void Text_in_the_place_of_weights_is_told(string text, string problem)
    {
        Refused(Single, Encoding.UTF8.GetBytes(text), problem);
        Refused("model.gguf", Encoding.UTF8.GetBytes(text), problem);
    }

    [Theory]
    [InlineData("80 02 8a 0a 6c fc 9c 46 f9 20 6a a8 50 19 2e", "is a pickle, as older versions of PyTorch write. It is not read, since it can run code")]
    [InlineData("80 04 95 00 00 00 00 00 00 00 00", "is a pickle")]
    [InlineData("1f 8b 08 00 00 00 00 00 00 03", "is compressed with gzip")]
    [InlineData("28 b5 2f fd 04 00 00 00 00 00", "is compressed with zstd")]
    [InlineData("fd 37 7a 58 5a 00 00 04 e6 d6", "is compressed with xz")]
    [InlineData("89 48 44 46 0d 0a 1a 0a 00 00", "is in the HDF5 format")]
    [InlineData("93 4e 55 4d 50 59 01 00 76 00", "is a NumPy array (.npy)")]
    [InlineData("08 07 12 07 70 79 74 6f 72 63 68 1a", "is an ONNX model")]
    [InlineData("81 a6 70 61 72 61 6d 73 81 a5 6d 6f 64 65 6c", "is in the msgpack format, as Flax writes")]
    [InlineData("74 6a 67 67 03 00 00 00 00 7d 00 00", "is in a format that was before GGUF (GGML)")]
    [InlineData("00 00 00 00 00 00 00 00 00 00 00 00", "begins with nothing but zeros: was the download completed?")]
    public void Other_formats_are_told(string bytes, string problem) => Refused(Single, Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)), problem);

    [Theory]
    [InlineData("archive/data.pkl", "is in PyTorch's own format, a pickle in a ZIP archive. It is not read, since it can run code: convert it to safetensors first")]
    [InlineData("consolidated/data.pkl", "is in PyTorch's own format")]
    [InlineData("arr_0.npy", "is a NumPy archive (.npz)")]
    [InlineData("readme.txt", "is a ZIP archive: unpack it")]
    public void Archives_are_told_by_what_comes_first_in_them(string entry, string problem)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var content = archive.CreateEntry(entry).Open();
            content.Write(new byte[2000]);
        }
        Refused(Single, stream.ToArray(), problem);
        Refused("pytorch_model.bin", stream.ToArray(), problem);
    }

    [Fact]
    public void A_tar_archive_is_told()
    {
        byte[] tar = new byte[1024];
        "model.safetensors"u8.CopyTo(tar);
        "ustar"u8.CopyTo(tar.AsSpan(257));
        Refused(Single, tar, "is a tar archive: unpack it");
    }

    [Fact]
    public void Each_of_the_two_formats_is_told_under_the_name_of_the_other()
    {
        byte[] file = TemporaryFolder.Pack("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", [7]);
        Refused("model.gguf", file, "is in the safetensors format, and its name says GGUF: give it one that ends with .safetensors");

        // GGUF says so itself, whatever it is called.
        byte[] blocks = [.. "GGUF"u8, 3, 0, 0, 0, .. new byte[16]];
        using Checkpoint checkpoint = Checkpoint.Open(_folder.Write(Single, blocks));
        Assert.Empty(checkpoint.Tensors);
    }

    [Fact]
    public void A_file_of_the_format_that_is_wrong_is_still_told_by_what_is_wrong()
    {
        Refused(Single, TemporaryFolder.Pack("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,2]}}""", [7, 8]), "take 1 bytes");
        Refused(Single, TemporaryFolder.Pack(" {}", []), "byte 8: the header must begin with {.");
        Refused(Single, TemporaryFolder.Pack("{}", [])[..9], "does not fit the file, which has 9: was it cut short?");
        Refused(Single, [200, 201, 202, 1, 2, 3, 4, 5, 6, 7], "is larger than the 100000000 allowed");
        Refused("model.gguf", [200, 201, 202, 1, 2, 3, 4, 5, 6, 7], "the file must begin with the letters GGUF.");
    }

    [Fact]
    public void A_file_that_was_cut_short_says_so_once_and_names_its_tensors()
    {
        byte[] file = TemporaryFolder.Pack("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[4],"data_offsets":[1,5]},"c":{"dtype":"U8","shape":[1],"data_offsets":[5,6]}}""", [1, 2]);
        CheckpointException refused = Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Write(Single, file)));
        Assert.Equal($"2 tensors are not within the file, which has {file.Length} bytes: was it cut short?", refused.Problems[0]);
        Assert.Equal(3, refused.Problems.Count);
    }

    [Fact]
    public void An_index_that_is_something_else_is_told()
    {
        const string index = "model.safetensors.index.json";
        foreach ((string text, string problem) in new[]
            {
                ("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 123\n", "is a Git LFS pointer, which stands for the file of 123 bytes"),
                ("<html></html>", "is a page in HTML"),
                ("Entry not found", "is text, in place of what it should be"),
                ("""{"error":"restricted","code":401}""", "it has no weight_map, but \"error\", \"code\": it is no index, or of another kind."),
            })
        {
            _folder.Write(index, Encoding.UTF8.GetBytes(text));
            CheckpointException refused = Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path));
            Assert.Equal(_folder.At(index), refused.FileName);
            Assert.Contains(problem, refused.Message);
        }

        // Of the files of an index each is told by itself.
        File.WriteAllText(_folder.At(index), """{"weight_map":{"a":"a.safetensors","b":"b.safetensors"}}""");
        _folder.Write("a.safetensors", "a");
        _folder.Write("b.safetensors", "version https://git-lfs.github.com/spec/v1\nsize 9\n"u8.ToArray());
        Assert.Contains("b.safetensors: the file is a Git LFS pointer", Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path)).Problems[0]);
    }

    [Theory]
    [InlineData("pytorch_model.bin", "but pytorch_model.bin, in PyTorch's own format. It is not read, since it can run code: convert it")]
    [InlineData("pytorch_model-00001-of-00002.bin pytorch_model-00002-of-00002.bin pytorch_model.bin.index.json", "but pytorch_model-00001-of-00002.bin, pytorch_model-00002-of-00002.bin, in PyTorch's own format")]
    [InlineData("consolidated.00.pth params.json", "but consolidated.00.pth, in PyTorch's own format")]
    [InlineData("model.pt", "but model.pt, in PyTorch's own format")]
    [InlineData("flax_model.msgpack", "but flax_model.msgpack, as Flax writes")]
    [InlineData("tf_model.h5 training_args.bin", "but tf_model.h5, as Keras writes")]
    [InlineData("model.tar.gz", "but model.tar.gz, which is an archive: unpack it")]
    [InlineData("model.safetensors.incomplete", "but model.safetensors.incomplete, of a download that was not completed")]
    [InlineData("config.json training_args.bin optimizer.pt", "the folder has neither model.safetensors.index.json nor model.safetensors, and no *.safetensors and no *.gguf")]
    public void A_folder_of_another_format_is_told(string files, string problem)
    {
        foreach (string name in files.Split(' ')) _folder.Write(name, [0]);
        Assert.Contains(problem, Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path)).Message);

        // Beside a checkpoint it is none of our business.
        _folder.Write(Single, "a");
        using Checkpoint checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Equal(["a"], checkpoint.Tensors.Keys);
    }

    [Fact]
    public void A_folder_around_that_of_the_checkpoint_names_it()
    {
        Directory.CreateDirectory(_folder.At("final"));
        _folder.Write("final/model.safetensors", "a");
        Assert.EndsWith("the folder has no checkpoint itself, but there is one in final: open that.", Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path)).Message);
    }

    [Fact]
    public void Text_is_shown_from_its_beginning_without_control_characters()
    {
        byte[] text = Encoding.UTF8.GetBytes("é\r\n" + new string('x', 600));
        CheckpointException refused = Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Write(Single, text)));
        Assert.DoesNotContain(refused.Message, char.IsControl);
        Assert.EndsWith($"{new string('x', 77)}...\".", refused.Message);
    }

    private void Refused(string name, byte[] content, string problem) =>
        Assert.Contains(problem, Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Write(name, content))).Message, StringComparison.Ordinal);
}
