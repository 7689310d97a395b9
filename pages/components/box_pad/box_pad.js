// The box pad: a pad (pad.js) with its tools around it.

export default component(".pad", Pad);
