using System.CommandLine;
using Lanyard;
using Lanyard.Checkpoints;
using Lanyard.TensorLists;

var checkpoint = new Argument<string>("checkpoint")
{
    Description = "A checkpoint: a folder, or a safetensors or GGUF file. Headers alone are read.",
};
var output = new Option<FileInfo>("--output", "-o")
{
    Description = "The file to write. Without it: NAME.tensors.json in the current folder, with the checkpoint's name.",
};
var command = new RootCommand("Writes the folded tensor list of a checkpoint: names, types and shapes, for [ConformsTo] to check classes against.") { checkpoint, output };
command.SetAction(parsed =>
{
    try
    {
        using var opened = Checkpoint.Open(parsed.GetRequiredValue(checkpoint));
        var list = FoldedList.Of(opened);
        var file = parsed.GetValue(output) ?? new FileInfo($"{list.Name}.tensors.json");
        File.WriteAllText(file.FullName, list.ToString());
        Console.WriteLine($"{file.FullName}: {list.Count} tensors in {list.Rows.Count} rows, {list.Bytes} bytes.");
        return 0;
    }
    catch (Exception e) when (e is LanyardException or IOException or UnauthorizedAccessException)
    {
        // The program's way to fail: the message says what is wrong with the file.
        Console.Error.WriteLine(e.Message);
        return 1;
    }
});
return command.Parse(args).Invoke();
