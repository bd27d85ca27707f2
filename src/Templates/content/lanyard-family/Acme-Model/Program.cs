using Acme.Models;
using Lanyard;
using Lanyard.Models.Layers;
using static TorchSharp.torch;

if (args.Length < 2)
{
    Console.Error.WriteLine("Usage: dotnet run -- <checkpoint folder> <token ids>");
    return 2;
}

using var scope = NewDisposeScope();
using var model = AutoModel.FromPretrained<FalconForCausalLM>(args[0]);
var prompt = tensor(args[1..].Select(long.Parse).ToArray()).unsqueeze(0);
var text = GreedyText.Generate(prompt, newTokens: 24, ids => model.Run(ids).select(1, -1));
Console.WriteLine(string.Join(' ', text.data<long>().ToArray()));
return 0;
