using Lanyard.Distributed;
using Lanyard.Ranks;

if (args is not [var directory] || !File.Exists(Path.Combine(directory, "refit", "expected.safetensors")))
{
    Console.Error.WriteLine("ranks: give a Llama 4 checkpoint directory with expected.safetensors and the next weights in refit/, such as tests/fixtures/llama4");
    return 2;
}
return MpiRuntime.Run(mpi => new Walkthrough(mpi, directory).Run());
