using System.CommandLine;
using Lanyard.Demo;

var checkpoint = new Argument<DirectoryInfo>("checkpoint")
{
    Description = "A Llama 4 checkpoint directory with expected.safetensors beside it and the next weights in refit/.",
};
var command = new RootCommand("Loads a Llama 4 checkpoint, runs post-load, refits it, and shows that no loader and no layout is lost on the way.") { checkpoint };
command.SetAction(parsed => new Walkthrough(parsed.GetRequiredValue(checkpoint).FullName).Run());
return command.Parse(args).Invoke();
